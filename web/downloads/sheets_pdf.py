"""The sheets of all quartieri as one PDF document: printed by a command, then served.

A browser prints what the page shows, so that there is one design; printing takes seconds
and a browser, so that no visitor's request does it.
"""

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Blueprint, Flask, Response, abort, current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from werkzeug.serving import WSGIRequestHandler, make_server

from web.downloads.formats import attached
from web.site.app_state import dataset
from web.site.i18n import LANGUAGES, current_language, url

blueprint = Blueprint("sheet_files", __name__)

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE_S = 180


@blueprint.get("/quartieri/schede.pdf")
def document() -> Response:
    """The sheets of all quartieri, as they were last printed for these data; 404 if never."""
    path = _path(current_language())
    if not path.is_file():
        abort(404)
    return attached(path.read_bytes(), "pdf", _("schede"))


def document_url() -> str | None:
    """Return the address of the document in the page's language, None while it isn't printed."""
    printed = _path(current_language()).is_file()
    return url("sheet_files.document") if printed else None


@click.command("print-sheets")
@click.option("--browser", envvar="CHROMIUM", help="Chromium or Chrome (default: the first found)")
@with_appcontext
def print_sheets(browser: str | None) -> None:
    """Print the sheets of all quartieri as a PDF in each language."""
    program = browser or next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        raise click.ClickException("No Chromium found. Install it, or name one: CHROMIUM=/path")
    if not current_app.config["PUBLIC_URL"]:
        click.echo("PUBLIC_URL is not set: links in the documents will lead nowhere", err=True)
    # The app itself: not the stand-in of this context, which other threads can't see.
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with _served(app) as port:
        for language in LANGUAGES:
            with app.test_request_context():
                page = url("council.sheets", language)
            path = _path(language)
            _print(program, page, path, port)
            click.echo(f"{path}: {path.stat().st_size / 1e6:.1f} MB")


def init_app(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(print_sheets)


def _print(program: str, page: str, path: Path, port: int) -> None:
    """Print a page of ours as PDF; ClickException when the browser fails."""
    public = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    host = f"{public}" if public else f"127.0.0.1:{port}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        printed = Path(folder) / "out.pdf"
        command = [
            *(program, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"),
            # Otherwise the browser would request the page by https, which this server can't.
            "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
            # The document's links get the public name; the page comes from this machine.
            *([f"--host-resolver-rules=MAP {public} 127.0.0.1:{port}"] if public else []),
            *(f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}"),
            f"http://{host}{page}",
        ]
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False)  # noqa: S603
        if not printed.is_file():
            raise click.ClickException(f"{program} printed nothing: {done.stderr.decode()[-500:]}")
        printed.replace(path)


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    """Serve the app on this machine alone for a while; gives the port."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()


class _Quiet(WSGIRequestHandler):
    """Serves without a log of requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: the command reports what was printed."""


def _path(language: str) -> Path:
    """Return the document's path: its name has the version of the data, so it is never outdated."""
    folder = Path(current_app.root_path) / str(current_app.config["SHEETS"])
    return folder / f"{dataset().version}-{language}.pdf"
