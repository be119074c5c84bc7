"""Every string of the pages speaks English and French too."""

import io
import re
import subprocess
import sys
from functools import cache
from tempfile import NamedTemporaryFile

import pytest
from babel.messages.pofile import read_po

from geo.model.kinds import GROUPS, STANDARD
from tests.helpers.paths import ROOT
from web.site.i18n import DEFAULT_LANGUAGE, LANGUAGES

OTHERS = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]


@cache
def strings_in_the_code() -> frozenset[str]:
    """Return what `make translations` extracts."""
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    with NamedTemporaryFile(suffix=".pot") as template:
        command += ["--mapping", "pyproject.toml", "--keywords", "lazy_gettext"]
        subprocess.run([*command, "--output", template.name, "."], cwd=ROOT, check=True)
        messages = read_po(template)
    return frozenset(
        message.id[0] if isinstance(message.id, tuple) else message.id
        for message in messages
        if message.id
    )


def catalogue(language: str) -> dict[str, list[str]]:
    path = ROOT / "translations" / language / "LC_MESSAGES" / "messages.po"
    messages = read_po(io.BytesIO(path.read_bytes()), locale=language)
    return {
        message.id[0] if isinstance(message.id, tuple) else message.id: (
            list(message.string) if isinstance(message.string, tuple) else [message.string]
        )
        for message in messages
        if message.id and not message.fuzzy
    }


def test_strings_are_found() -> None:
    found = strings_in_the_code()
    assert len(found) > 150
    assert {"Quartieri", "Membro della rete", "Pagina non trovata"} <= found


@pytest.mark.parametrize("language", OTHERS)
def test_no_string_is_untranslated(language: str) -> None:
    translated = {key for key, texts in catalogue(language).items() if all(texts)}
    assert strings_in_the_code() - translated == set()


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_is_left_over(language: str) -> None:
    assert set(catalogue(language)) - strings_in_the_code() == set()


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_survive_translation(language: str) -> None:
    placeholder = re.compile(r"%\(\w+\)s|\{\w+\}")
    for original, texts in catalogue(language).items():
        for text in texts:
            assert set(placeholder.findall(text)) == set(placeholder.findall(original)), original


@pytest.mark.parametrize("language", LANGUAGES)
def test_kinds_and_groups_have_their_own_names(language: str) -> None:
    names = [each.names.in_language(language) for each in (*STANDARD, *GROUPS.values())]
    assert all(names)
    assert len(set(names)) == len(names)
