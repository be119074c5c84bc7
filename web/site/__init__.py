"""What every page and template needs: the dataset, languages, labels, addresses, errors."""

from flask import Flask

from web.site import addresses, errors, templating


def init_app(app: Flask) -> None:
    """Set up languages, templates, error pages and the pages' addresses."""
    for module in (templating, errors, addresses):
        module.init_app(app)
