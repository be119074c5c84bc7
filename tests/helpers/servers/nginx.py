"""nginx with deploy/nginx.conf itself before copies of the app, all on this machine."""

import os
import pwd
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPMessage, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import NamedTuple

from tests.helpers.paths import ROOT
from tests.helpers.servers.processes import free_port, wait_until

NAME = "quartieri.example.org"
_AROUND = """
daemon off;
user {user};
pid {folder}/pid;
error_log stderr emerg;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/quartieri.conf;
}}
"""


class Answer(NamedTuple):
    """What a visitor got."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def cached(self) -> str | None:
        """How nginx's cache answered: HIT, MISS…; None if it had no part in it."""
        return self.headers.get("X-Cache-Status")


class Proxy:
    """A running nginx, as its visitors and its files show it."""

    def __init__(self, folder: Path, port: int, secure_port: int) -> None:
        self.folder = folder
        self.port = port
        self.secure_port = secure_port
        self._tls = ssl.create_default_context(cafile=folder / "quartieri.pem")

    def get(self, path: str, **headers: str) -> Answer:
        """Ask as a browser does, over HTTPS."""
        connection = HTTPSConnection("127.0.0.1", self.secure_port, context=self._tls, timeout=30)
        return _ask(connection, path, headers)

    def get_plain(self, path: str, **headers: str) -> Answer:
        """Ask over HTTP."""
        return _ask(HTTPConnection("127.0.0.1", self.port, timeout=30), path, headers)

    def cache_files(self) -> list[bytes]:
        """Return all that its cache holds on disk, keys and bodies."""
        return [path.read_bytes() for path in (self.folder / "cache").rglob("*") if path.is_file()]

    def logs(self) -> str:
        """Return all that it wrote to its logs."""
        return "".join(path.read_text() for path in self.folder.glob("*.log"))


def _ask(connection: HTTPConnection, path: str, headers: dict[str, str]) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers={"Host": NAME, **named})
    answer: HTTPResponse = connection.getresponse()
    received = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return received


@contextmanager
def running_nginx(folder: Path, copies: list[str]) -> Iterator[Proxy]:
    """Run nginx before copies of the app: the shipped file with its lines filled in."""
    proxy_ports = free_port(), free_port()
    _write(folder, copies, proxy_ports)
    _make_certificate(folder)
    with (folder / "stderr.log").open("w") as output:
        nginx = subprocess.Popen(
            [shutil.which("nginx") or "nginx", "-p", folder, "-c", folder / "nginx.conf"],
            stderr=output,
        )
        try:
            _wait(nginx, proxy_ports[1], folder / "stderr.log")
            yield Proxy(folder, *proxy_ports)
        finally:
            nginx.terminate()
            nginx.wait(timeout=20)


def _write(folder: Path, copies: list[str], ports: tuple[int, int]) -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    filled = {
        "127.0.0.1:5001": copies[0].removeprefix("http://"),
        "127.0.0.1:5002": copies[1].removeprefix("http://"),
        "listen 80": f"listen 127.0.0.1:{ports[0]}",
        "listen 443": f"listen 127.0.0.1:{ports[1]}",
        "/etc/ssl/certs/": f"{folder}/",
        "/etc/ssl/private/": f"{folder}/",
        "/var/cache/nginx/quartieri": f"{folder}/cache",
        "/var/log/nginx/": f"{folder}/",
    }
    for ours, theirs in filled.items():
        assert ours in text
        text = text.replace(ours, theirs)
    (folder / "quartieri.conf").write_text(text)
    user = pwd.getpwuid(os.getuid()).pw_name
    (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, user=user))


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:127.0.0.1"]
    command += ["-keyout", folder / "quartieri.key", "-out", folder / "quartieri.pem"]
    subprocess.run(command, check=True, capture_output=True)


def _wait(nginx: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    def listens() -> bool:
        if nginx.poll() is not None:
            raise RuntimeError(f"nginx didn't start:\n{log.read_text()}")
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens)
