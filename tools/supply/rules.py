"""Which licences go together with a work that is distributed under the EUPL-1.2."""

from collections.abc import Iterable

from license_expression import ExpressionError, LicenseSymbol, get_spdx_licensing

from tools.supply.packages import Package

# They ask for no more than to be named.
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CNRI-Python",
    "ISC",
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "PSF-2.0",
    "Unlicense",
    "Zlib",
}
# A copyleft that ends at the library's own files; in the appendix of the EUPL-1.2.
WEAK_COPYLEFT = {"LGPL-2.1-only", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"} | {
    "MPL-2.0",
    "EUPL-1.1",
    "EUPL-1.2",
}
# In the appendix too, but the whole would have to be passed on under them: tools only.
STRONG_COPYLEFT = {
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
    "CECILL-2.1",
    "EPL-1.0",
    "EPL-2.0",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "OSL-3.0",
}
FOR_USE = PERMISSIVE | WEAK_COPYLEFT
# Tools aren't passed on: any free licence will do.
FOR_TOOLS = FOR_USE | STRONG_COPYLEFT | {"BlueOak-1.0.0", "CC-BY-4.0", "Python-2.0"} | {
    "W3C-20150513"
}  # fmt: skip

_SPDX = get_spdx_licensing()


def is_allowed(expression: str, allowed: set[str]) -> bool:
    """Tell whether a licence will do: of A AND B both must, of A OR B one; no unknown one does."""
    try:
        parsed = _SPDX.parse(expression, validate=True, strict=True)
    except ExpressionError:
        return False
    if parsed is None:
        return False
    if isinstance(parsed, LicenseSymbol):
        return parsed.key in allowed
    parts = [is_allowed(str(part), allowed) for part in parsed.args]
    return any(parts) if isinstance(parsed, _SPDX.OR) else bool(parts) and all(parts)


def refused(packages: Iterable[Package]) -> list[str]:
    """Return a message for each package whose licence doesn't go with how it is used."""
    return [
        f"{package.name} {package.version}: {package.licence or 'no licence'!r} isn't among those "
        f"that may be used to {'build and test' if package.use == 'tool' else 'run'} "
        "(tools/supply/rules.py). If its metadata are wrong, state it in tools/supply/stated.py"
        for package in packages
        if not is_allowed(package.licence, FOR_TOOLS if package.use == "tool" else FOR_USE)
    ]
