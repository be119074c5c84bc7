"""Who publishes the open data."""

from flask import current_app

from geo.publish.dcat import Agent
from web.site.app_state import dataset
from web.site.i18n import DEFAULT_LANGUAGE


def publisher() -> Agent:
    """Return who publishes, as the settings name them: the site itself where they don't."""
    config, city = current_app.config, dataset().city
    return Agent(
        name=config["PUBLISHER_NAME"] or f"Quartieri – {city.names.in_language(DEFAULT_LANGUAGE)}",
        code=config["PUBLISHER_CODE"] or f"quartieri-{city.slug}",
        email=config["CONTACT_EMAIL"],
    )
