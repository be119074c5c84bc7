"""Documents: what they name is there, and what is there they name."""

import json
import re
import tomllib

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.helpers.paths import ROOT
from tests.helpers.project_files import OUR_PYTHON, text_of
from web.site.settings import Settings

SETTINGS = set(Settings.model_fields)


def test_each_test_that_the_threat_model_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", text_of("docs/threat-model.md")))
    there = {
        name
        for path in ROOT.glob("tests/**/test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(named) > 30
    assert named <= there, f"docs/threat-model.md names what isn't there: {named - there}"


def test_publiccode_is_what_the_standard_asks_for() -> None:
    publiccode = yaml.safe_load(text_of("publiccode.yml"))
    schema = json.loads(text_of("tests/helpers/publiccode.schema.json"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(publiccode)] == []
    assert validator.is_valid({**publiccode, "name": ""}) is False
    assert validator.is_valid({**publiccode, "maintenance": {"type": "community"}}) is False
    assert publiccode["localisation"]["localisationReady"] is True
    assert set(publiccode["description"]) == set(publiccode["localisation"]["availableLanguages"])


def test_publiccode_invents_nothing_that_only_publication_can_tell() -> None:
    # On the day of publication these get their values, and this test goes.
    publiccode = yaml.safe_load(text_of("publiccode.yml"))
    assert publiccode["url"].startswith("https://example.org/")
    assert not {"releaseDate", "softwareVersion"} & set(publiccode)
    assert publiccode["maintenance"] == {"type": "none"}


def test_every_file_names_the_same_licence() -> None:
    assert text_of("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert tomllib.loads(text_of("pyproject.toml"))["project"]["license"] == "EUPL-1.2"
    assert json.loads(text_of("package.json"))["license"] == "EUPL-1.2"
    assert yaml.safe_load(text_of("publiccode.yml"))["legal"]["license"] == "EUPL-1.2"
    assert "Open Database License" in text_of("data/LICENSE")


def test_readme_names_the_two_commands_and_every_setting() -> None:
    readme = text_of("README.md")
    assert "\nmake run\n" in readme
    assert "\nmake test\n" in readme
    assert set(re.findall(r"(?m)^\| `([A-Z_]+)` \|", readme)) == SETTINGS


def test_every_environment_variable_that_is_read_is_a_setting() -> None:
    pattern = re.compile(r"""(?:os\.environ(?:\.get\(|\[)|getenv\()\s*["'](\w+)["']""")
    read = {
        name for path in OUR_PYTHON for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    # systemd's own says where it listens.
    assert read <= SETTINGS | {"NOTIFY_SOCKET"}


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/licences.md"]
)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", text_of(name))
    assert not [target for target in targets if not ((ROOT / name).parent / target).exists()]
