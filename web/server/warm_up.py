"""Make the first answers before the workers are: they share what was made, and wait for nothing."""

from typing import cast

from flask import Flask

from web.site.app_state import Site


def warm_up(app: Flask) -> None:
    """Ask for the pages that most people open first: templates, words and maps are then ready."""
    data = cast("Site", app.extensions["quartieri"]).dataset
    client = app.test_client()
    for page in ("/", f"/quartieri/{data.quartieri.index[0]}/", "/vicino"):
        client.get(page, headers={"Accept-Encoding": "br"})
