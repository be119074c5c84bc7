"""What the running server keeps to itself."""

from pathlib import Path

from tests.helpers.cities import small_city
from tests.helpers.servers.app_server import said, serving


def test_no_address_of_a_visitor_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving(small_city.write(tmp_path / "data"), log) as address:
        assert b"200 OK" in said(address, b"GET /salute HTTP/1.0\r\n\r\n")
        too_long = b"GET /?q=" + b"x" * 9000 + b" HTTP/1.0\r\n\r\n"
        assert said(address, too_long).startswith(b"HTTP/1.1 414")
        assert said(address, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    logged = log.read_text()
    assert "Quartieri is at" in logged
    assert "127.0.0.1" not in logged.replace(address, "")
