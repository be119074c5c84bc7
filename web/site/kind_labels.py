"""The kinds of place as pages show them and as addresses name them."""

from typing import Any

from flask import abort
from flask_babel import gettext as _

from geo.analysis.counts import OUTSIDE, UNPLACED
from geo.model.kinds import GROUPS
from web.site.app_state import dataset
from web.site.i18n import current_language


def kind_words() -> dict[str, Any]:
    """Return the groups, the kinds and their names in the page's language."""
    language, kinds = current_language(), dataset().kinds
    return {
        "groups": GROUPS,
        "kinds": kinds.slugs,
        "kinds_of": kinds.expand,
        "kind_name": kind_name,
        "layers": [
            {
                "slug": group.slug,
                "name": group.names.in_language(language),
                "colour": group.colour,
                "shape": group.shape,
            }
            for group in GROUPS.values()
        ],
    }


def kind_name(slug: str) -> str:
    """Return the name of a kind or group in the page's language."""
    return dataset().kinds.names(slug).in_language(current_language())


def nowhere_words() -> dict[str, str]:
    """Return what the rows beside the quartieri are called, by their names in `counts`."""
    return {OUTSIDE: _("Fuori dai quartieri"), UNPLACED: _("Senza quartiere noto")}


def check_kind(slug: str) -> None:
    """Answer 400, in words, for what is no kind and no group."""
    if slug not in dataset().kinds.choices:
        abort(400, _("Il tipo di luogo “%(name)s” non esiste.", name=slug[:40]))
