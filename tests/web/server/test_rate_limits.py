"""No visitor can take the server from the others, and counting them tells nobody who they are."""

import re
from pathlib import Path

import pytest
from flask import Flask, Response, request

from app import create_app
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from tests.helpers.paths import ROOT
from tests.helpers.servers.processes import free_port
from tests.helpers.servers.redis_server import SECRET, redis_server
from web.server import rate_limits
from web.site.settings import SettingError, read_settings

A, B = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Three requests a minute for each work, so that a test is quickly done with them."""
    works = {name: work._replace(per_minute=3) for name, work in rate_limits.WORKS.items()}
    monkeypatch.setattr(rate_limits, "WORKS", works)
    return 3


def made(folder: Path, **settings: str) -> Flask:
    data = folder / "data"
    if not data.exists():
        small_city.write(data)
    return create_app({"QUARTIERI_DATA": str(data), "TILE_UPSTREAM": "", **settings})


def ask(app: Flask, address: str, visitor: str = A, **headers: str) -> Response:
    return app.test_client().get(
        address, headers=headers, environ_overrides={"REMOTE_ADDR": visitor}
    )


def statuses(app: Flask, visitor: str, addresses: list[str]) -> list[int]:
    return [ask(app, address, visitor).status_code for address in addresses]


def searches(number: int, prefix: str = "") -> list[str]:
    # Each of its own: what is in memory already doesn't count.
    return [f"{prefix}/cerca?q={letter}" for letter in "abcdefghijklm"[:number]]


def test_too_much_is_refused_in_the_readers_language(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    assert statuses(app, A, searches(few, "/fr")) == [200] * few
    refused = ask(app, "/fr/cerca?q=una+in+più")
    assert refused.status_code == 429
    assert Page(refused.text).language == "fr"
    assert "Trop de demandes" in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= rate_limits.WINDOW_S
    assert refused.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in refused.headers


def test_programs_are_refused_in_json(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    for address in searches(few):
        ask(app, address)
    told = ask(app, "/en/cerca.json?q=via").json
    assert told["error"]["code"] == 429
    assert told["error"]["title"] == "Too many requests"


def test_others_and_other_work_go_on(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    assert statuses(app, A, searches(few + 1))[-1] == 429
    assert ask(app, "/cerca?q=via", B).status_code == 200
    for address in ("/reti/", "/vicino", "/copertura/", "/reti/elenco.csv", "/api/"):
        assert ask(app, address).status_code == 200


def test_each_language_counts_as_the_same_work(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    asked = ["/cerca?q=a", "/en/cerca?q=a", "/fr/cerca.json?q=a", "/en/cerca?q=b"]
    assert statuses(app, A, asked) == [200, 200, 200, 429]


def test_what_is_ready_in_memory_is_never_refused(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    assert statuses(app, A, ["/cerca?q=a"] * 10 * few) == [200] * 10 * few
    assert statuses(app, A, searches(few + 1))[-1] == 429
    assert ask(app, "/cerca?q=a").status_code == 200


def test_a_refusal_is_not_cached_for_others(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    assert statuses(app, A, searches(few + 1))[-1] == 429
    assert ask(app, searches(few + 1)[-1], B).status_code == 200


def test_health_and_assets_are_always_answered(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    free = ["/salute", "/static/dist/manifest.json"]
    assert statuses(app, A, free * 5 * few) == [200] * 10 * few


def test_every_route_is_some_work(app: Flask) -> None:
    """A new route is limited without anyone thinking of it."""
    free = set()
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            request.url_rule = rule
            request.view_args = dict.fromkeys(rule.arguments, "png")
            work = rate_limits.work_of_request()
        if work is None:
            free.add(rule.endpoint)
        else:
            assert work in rate_limits.WORKS
            if {"extension", "form"} & rule.arguments:
                assert work == "picture"
    assert free == {"health.health", "static"}


def test_the_document_tells_the_limits_as_they_are() -> None:
    text = (ROOT / "docs" / "data-register.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"(?m)^\| ([^|]+) \| (\d+) \|$", text))
    assert told == {work.what: str(work.per_minute) for work in rate_limits.WORKS.values()}


def test_a_household_counts_as_one_whatever_address_it_takes(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    for number, address in enumerate(searches(few)):
        assert ask(app, address, f"2001:db8:1:2::{number + 1:x}").status_code == 200
    assert ask(app, "/cerca?q=x", "2001:db8:1:2:aaaa::1").status_code == 429
    assert ask(app, "/cerca?q=x", "2001:db8:1:3::1").status_code == 200


def test_a_made_up_proxy_gives_nobody_another_name(tmp_path: Path, few: int) -> None:
    app = made(tmp_path)
    asked = searches(few + 1)
    got = [
        ask(app, address, A, **{"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number, address in enumerate(asked)
    ]
    assert got == [200] * few + [429]


def test_behind_a_proxy_each_visitor_counts_alone(tmp_path: Path, few: int) -> None:
    app = made(tmp_path, TRUSTED_PROXIES="1")

    def through(visitor: str, address: str) -> int:
        # A visitor may write what they like in front of what the proxy adds.
        told = f"{address[-1]}.made.up, {visitor}"
        return ask(app, address, "127.0.0.1", **{"X-Forwarded-For": told}).status_code

    assert [through(A, each) for each in searches(few + 1)] == [200] * few + [429]
    assert through(B, "/cerca?q=x") == 200


def test_a_developer_is_not_limited_and_nobody_is_when_it_is_off(tmp_path: Path, few: int) -> None:
    assert statuses(made(tmp_path), "127.0.0.1", searches(2 * few)) == [200] * 2 * few
    off = made(tmp_path, RATE_LIMITS="off")
    assert statuses(off, A, searches(2 * few)) == [200] * 2 * few


def test_counting_needs_bounded_memory_and_holds_no_address(tmp_path: Path) -> None:
    app = made(tmp_path)
    for number in range(300):
        ask(app, f"/cerca.json?q={number}", f"203.0.{number // 250}.{number % 250}")
    (limiter,) = app.extensions["limiter"]
    counts = limiter.storage.storage
    assert len(counts) > 100
    assert not re.search(r"203\.0|cb000[01]", str(dict(counts)))
    codes = {key.split("/")[2] for key in counts}
    assert all(int(code, 16) < 2**16 for code in codes)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"RATE_LIMITS": "yes"}, "RATE_LIMITS"),
        ({"RATE_LIMIT_STORAGE": "memcached://:pass@a"}, "RATE_LIMIT_STORAGE"),
        ({"RATE_LIMIT_STORAGE": "redis://127.0.0.1"}, "RATE_LIMIT_SECRET"),
        ({"RATE_LIMIT_STORAGE": "redis://127.0.0.1", "RATE_LIMIT_SECRET": "x"}, "SECRET"),
    ],
)
def test_bad_settings_are_refused(settings: dict[str, str], message: str) -> None:
    with pytest.raises(SettingError, match=message) as refused:
        read_settings(settings)
    assert "pass" not in str(refused.value)


def test_machines_share_one_count_and_go_on_without_it(tmp_path: Path, few: int) -> None:
    port = free_port()
    shared = {"RATE_LIMIT_STORAGE": f"redis://127.0.0.1:{port}", "RATE_LIMIT_SECRET": SECRET}
    with redis_server(tmp_path, port) as counts:
        one, other = made(tmp_path, **shared), made(tmp_path, **shared)
        assert statuses(one, A, searches(2)) == [200, 200]
        assert statuses(other, A, searches(2)) == [200, 429]
        assert ask(other, "/cerca?q=x", B).status_code == 200
        kept = counts.keys()
        assert kept
        assert A.encode() not in b"".join(kept)
        assert all(re.fullmatch(rb"\S+/quartieri/[0-9a-f]{1,4}/\w+/3/1/minute", k) for k in kept)
        assert all(0 < counts.ttl(key) <= rate_limits.WINDOW_S for key in kept)
    # The Redis is gone: each counts alone, and still nobody is left without an answer.
    assert statuses(one, A, [f"/cerca?q=after+{n}" for n in range(4)]) == [200, 200, 200, 429]


def test_an_app_starts_without_its_redis(tmp_path: Path, few: int) -> None:
    storage = f"redis://127.0.0.1:{free_port()}"
    app = made(tmp_path, RATE_LIMIT_STORAGE=storage, RATE_LIMIT_SECRET=SECRET)
    assert statuses(app, A, searches(few + 1)) == [200] * few + [429]
