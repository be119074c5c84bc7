"""What someone asks can't forge a line of the log, steer a terminal, or add a header."""

import io
import logging
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.logging import default_handler

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.servers.app_server import raw_answer, serving

FORGED = "%0a[2026-01-01 00:00:00,000] INFO in app: all is well%1b[2J%E2%80%A8%E2%80%AE"


@pytest.fixture
def broken(tmp_path: Path) -> Flask:
    """The small city, with a page that breaks and says of its error what was asked."""
    app = create_app({"QUARTIERI_DATA": str(small_city.write(tmp_path)), "RATE_LIMITS": "off"})

    @app.get("/rotta/<text>")
    def broken_page(text: str) -> str:
        raise RuntimeError(text)

    return app


def test_an_error_is_one_line_of_the_log_with_its_traceback(broken: Flask) -> None:
    written = io.StringIO()
    answer = broken.test_client().get(f"/rotta/x{FORGED}", errors_stream=written)
    assert answer.status_code == 500
    [line] = written.getvalue().splitlines()
    begins = r"\[[-0-9]{10} [:0-9]{8},\d{3}\] ERROR in app: Error while answering broken_page\\n"
    assert re.match(begins, line)
    assert line.endswith(r"raise RuntimeError(text)\nRuntimeError")
    assert "all is well" not in line
    assert line.isprintable()


def test_a_warning_of_a_library_is_one_line_too(broken: Flask) -> None:
    record = logging.LogRecord("x", logging.WARNING, "", 0, "a\nb %s", ("\x1b[2J\r",), None)
    for handler in (default_handler, logging.lastResort):
        assert handler is not None
        assert handler.format(record).isprintable()


@pytest.mark.parametrize("path", ["/api/collections/{}", "/api/collections/luoghi/items?bbox={}"])
def test_the_api_logs_no_wrong_request_in_its_own_words(
    broken: Flask, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    assert broken.test_client().get(path.replace("{}", FORGED)).status_code in (400, 404)
    assert caplog.records == []


def test_no_request_adds_a_header_or_a_line_to_the_log(tmp_path: Path) -> None:
    folder, log = small_city.write(tmp_path / "data"), tmp_path / "log"
    breaks = "%0d%0aSet-Cookie:%20a=b"
    paths = [
        f"/quartieri/x{breaks}",
        f"/luoghi/osm:x{breaks}",
        f"/vicino?q=via+roma{breaks}",
        f"/vicino/{breaks}",
        f"/dati/{breaks}.csv",
        f"/api/collections/luoghi/items?{breaks}={breaks}",
        f"/luoghi/elenco.csv?tipo={breaks}",
        f"/?tipo=x{breaks}",
        "/\x1b[31m",
        "/%1b[31m%0a[INFO]",
    ]
    with serving(folder, log) as address:
        before = log.read_text(encoding="utf-8")
        for path in paths:
            answer = raw_answer(address, f"GET {path} HTTP/1.0\r\nHost: x\r\n\r\n".encode())
            head = answer.split(b"\r\n\r\n")[0]
            assert head.startswith(b"HTTP/1."), path
            assert not re.search(rb"(?mi)^set-cookie", head), path
        after = log.read_text(encoding="utf-8", errors="replace").removeprefix(before)
    assert all(each.isprintable() for each in after.replace("\n", ""))
    assert "[INFO]" not in after
