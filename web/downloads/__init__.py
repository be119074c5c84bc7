"""A table, a layer or a map as a file: formats, names, credits."""

from flask import Flask

from web.downloads import formats, sheets_pdf
from web.site.i18n import register_in_each_language


def init_app(app: Flask) -> None:
    """Let templates link files, and serve and print the sheets of all quartieri."""
    formats.init_app(app)
    sheets_pdf.init_app(app)
    register_in_each_language(app, sheets_pdf.blueprint)
