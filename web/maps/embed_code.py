"""The HTML that shows a map of ours in another page, as text for people to copy."""

from html import escape

from flask_babel import gettext as _

from web.site.addresses import absolute
from web.site.app_state import dataset
from web.site.i18n import current_language, url

_IFRAME = (
    '<iframe src="{address}" title="{title}" width="100%" height="600" loading="lazy"></iframe>'
)


def city_code() -> str:
    """Return the HTML that shows the city's map; a page that shows it escapes it once more."""
    return _iframe(url("embed.city"), city_title())


def quartiere_code(slug: str) -> str:
    """Return the HTML that shows a quartiere's map, as `city_code` does."""
    return _iframe(url("embed.quartiere", slug=slug), quartiere_title(slug))


def city_title() -> str:
    """Return the title of the city's map."""
    return str(_("I quartieri di %(city)s", city=_city_name()))


def quartiere_title(slug: str) -> str:
    """Return the title of a quartiere's map."""
    return f"{dataset().quartieri['name'].loc[slug]}, {_city_name()}"


def _iframe(path: str, title: str) -> str:
    return _IFRAME.format(address=escape(absolute(path)), title=escape(title))


def _city_name() -> str:
    return dataset().city.names.in_language(current_language())
