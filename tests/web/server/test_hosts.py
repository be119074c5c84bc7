"""Whoever asks under a made-up name, or in a proxy's, steers nothing that others see."""

import re
from pathlib import Path

import pytest
from flask import Flask, request

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from web.site.settings import SettingError, read_settings

BAD_NAMES = [
    "a b.example",
    "evil.example/path",
    "evil.example\\@good.example",
    'evil.example"><script>',
    "a.example,b.example",
    "user@evil.example",
    "a.example:port",
    "a.example:99999",
    "[::1",
    "è.example",
    "",
    "a" * 20 + "\t",
]
# Where a page says how it is named.
NAMED = ["/", "/robots.txt", "/sitemap.xml", "/dati/catalogo.ttl", "/dati/aggiornamenti.atom"]
FORWARDED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "666",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-HTTP-Method-Override": "DELETE",
}


def made(folder: Path, **settings: str) -> Flask:
    data = folder / "data"
    if not data.exists():
        small_city.write(data)
    return create_app({"QUARTIERI_DATA": str(data), "TILE_UPSTREAM": "", **settings})


@pytest.mark.parametrize("name", BAD_NAMES)
@pytest.mark.parametrize("prefix", ["", "/en", "/fr"])
def test_a_name_that_is_none_gets_a_page_that_says_so(app: Flask, name: str, prefix: str) -> None:
    client = app.test_client()
    client.get(f"{prefix}/reti/")
    answer = client.get(f"{prefix}/reti/", headers={"Host": name})
    assert answer.status_code == 400
    assert Page(answer.text).language == (prefix.strip("/") or "it")
    assert "evil" not in answer.text
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("name", ["a.example", "a.example:8000", "127.0.0.1:5000", "[::1]:80"])
def test_any_well_written_name_will_do_where_none_is_set(app: Flask, name: str) -> None:
    assert app.test_client().get("/reti/", headers={"Host": name}).status_code == 200


@pytest.mark.parametrize("public", ["", "https://public.example"])
def test_only_the_names_that_are_set_are_answered(tmp_path: Path, public: str) -> None:
    app = made(tmp_path, TRUSTED_HOSTS="a.example, .b.example", PUBLIC_URL=public)
    client = app.test_client()
    asked = ["a.example", "A.example:80", "b.example", "www.b.example", "public.example", "evil"]
    got = {name: client.get("/", headers={"Host": name}).status_code for name in asked}
    # Twice: what is kept in memory is not for everyone either.
    again = {name: client.get("/", headers={"Host": name}).status_code for name in asked}
    refused = {"evil"} if public else {"evil", "public.example"}
    assert got == again == {name: 400 if name in refused else 200 for name in asked}


@pytest.mark.parametrize("page", NAMED)
def test_a_page_for_one_host_name_is_not_served_to_another(tmp_path: Path, page: str) -> None:
    client = made(tmp_path).test_client()
    assert "evil.example" in client.get(page, headers={"Host": "evil.example"}).text
    assert "evil.example" not in client.get(page, headers={"Host": "good.example"}).text


@pytest.mark.parametrize("page", NAMED)
def test_with_a_public_address_no_other_name_is_shown(tmp_path: Path, page: str) -> None:
    client = made(tmp_path, PUBLIC_URL="https://good.example").test_client()
    answer = client.get(page, headers={"Host": "evil.example", **FORWARDED})
    assert "https://good.example" in answer.text
    assert "evil" not in answer.text


def test_made_up_names_take_no_memory_for_good(tmp_path: Path) -> None:
    app = made(tmp_path)
    client = app.test_client()
    for number in range(12):
        for page in ("/api/?f=json", "/sitemap.xml"):
            client.get(page, headers={"Host": f"host-{number}.example"})
    kept = app.extensions["quartieri"].dataset.memo
    by_name = [each for function, each in kept.items() if function.__name__ in ("_api", "sitemap")]
    assert len(by_name) == 2
    assert all(each.cache_info().currsize <= 4 for each in by_name)


@pytest.mark.parametrize(
    "asked",
    ["/quartieri", "//quartieri", "/quartieri//nord", "//evil.example/..", "/en", "/copertura"],
)
@pytest.mark.parametrize("name", ["evil.example", "localhost"])
def test_redirects_stay_here_and_name_no_host(app: Flask, asked: str, name: str) -> None:
    answer = app.test_client().get(asked, headers={"Host": name})
    if answer.status_code != 404:
        assert answer.status_code == 308
        assert re.fullmatch(r"/(?![/\\]).*", answer.headers["Location"])
        assert "evil.example" not in answer.headers["Location"].partition("/")[0]


@pytest.mark.parametrize("page", ["/", "/robots.txt", "/api/?f=json", "/niente"])
def test_what_proxies_say_counts_for_nothing_without_one(tmp_path: Path, page: str) -> None:
    plain = made(tmp_path).test_client().get(page)
    steered = made(tmp_path).test_client().get(page, headers=FORWARDED)
    assert steered.data == plain.data
    assert dict(steered.headers) == dict(plain.headers)


def test_a_proxy_tells_who_asks_and_how_but_not_under_which_name(tmp_path: Path) -> None:
    app = made(tmp_path, TRUSTED_PROXIES="1")
    seen: list[str | None] = []
    app.before_request(lambda: seen.append(request.remote_addr))
    # What the visitor wrote stands first; what our proxy added, last.
    asked = {**FORWARDED, "X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    page = app.test_client().get("/", headers={**asked, "Host": "good.example"}).text
    assert Page(page).canonical == "https://good.example/"
    assert "evil" not in page
    assert seen == ["203.0.113.9"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_HOSTS", "https://a.example"),
        ("TRUSTED_HOSTS", "a.example:80"),
        ("TRUSTED_HOSTS", "*"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "all"),
        ("TRUSTED_PROXIES", "²"),
    ],
)
def test_a_setting_that_would_trust_unknown_hosts_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({name: value})
