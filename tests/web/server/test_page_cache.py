"""What is made once, how long it stays, and that nobody gets what was made for another."""

import gc
import re
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import Client

from app import create_app
from geo.analysis.counts import counts
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.cache import memoized
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from tests.helpers.pages.page import Page
from web.pages import home, networks
from web.server.page_cache import PageCache, may_be_cached
from web.server.reload import EXTENSION
from web.site import app_state


@pytest.fixture
def own(tmp_path: Path) -> Flask:
    return create_app({"QUARTIERI_DATA": str(small_city.write(tmp_path)), "TILE_UPSTREAM": ""})


def cache_of(app: Flask) -> PageCache:
    cache = app.wsgi_app
    assert isinstance(cache, PageCache)
    return cache


@pytest.fixture
def made(own: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses for which Flask was called."""
    called: list[str] = []
    cache = cache_of(own)
    flask = cache.app

    def counting(environ, start):
        called.append(environ["PATH_INFO"])
        return flask(environ, start)

    monkeypatch.setattr(cache, "app", counting)
    return called


def test_a_page_is_made_once(own: Flask, made: list[str]) -> None:
    client = own.test_client()
    first, second = client.get("/quartieri/"), client.get("/quartieri/")
    assert made == ["/quartieri/"]
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert dict(first.headers) == dict(second.headers)
    assert "Content-Security-Policy" in second.headers


def test_each_language_and_each_state_has_its_own(own: Flask, made: list[str]) -> None:
    client = own.test_client()
    pages = {client.get(page).text for page in ("/", "/en/", "/?tipo=parco", "/?tipo=scuole")}
    assert len(pages) == len(made) == 4


def test_a_head_is_answered_like_a_get_without_its_body(own: Flask, made: list[str]) -> None:
    client = own.test_client()
    head, get = client.head("/reti/"), client.get("/reti/")
    assert made == ["/reti/"]
    assert not head.data
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("page", ["/vicino?q=via", "/niente", "/salute", "/luoghi/?pagina=x"])
def test_a_page_for_one_visitor_is_not_cached(own: Flask, made: list[str], page: str) -> None:
    client = own.test_client()
    client.get(page)
    client.get(page)
    assert len(made) == 2


def test_nobody_gets_the_links_of_another_host(own: Flask) -> None:
    client = own.test_client()
    for host in ("https://a.example", "https://b.example", "http://a.example"):
        assert Page(client.get("/", base_url=host).text).canonical == f"{host}/"


def test_with_a_public_address_every_host_gets_the_same(tmp_path: Path) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app({"QUARTIERI_DATA": folder, "PUBLIC_URL": "https://a.example"})
    client = app.test_client()
    assert client.get("/", base_url="http://b.example").data == client.get("/").data


@pytest.mark.parametrize("seen", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_gets_only_what_says_so(client: FlaskClient, seen: str) -> None:
    first = client.get("/reti/")
    again = client.get("/reti/", headers={"If-None-Match": seen.format(first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    told = dict(again.headers)
    assert set(told) == {"Cache-Control", "ETag", "Vary"}
    assert told == {name: first.headers[name] for name in told}


def test_who_has_an_older_one_gets_the_new_one(client: FlaskClient) -> None:
    again = client.get("/reti/", headers={"If-None-Match": '"older", "oldest"'})
    assert again.status_code == 200


def test_an_etag_tells_the_headers_too() -> None:
    def page(policy: str) -> PageCache:
        flask = Flask(__name__)

        @flask.get("/")
        def answer():
            assert may_be_cached()
            return "the same", {"Referrer-Policy": policy}

        return PageCache(flask, lambda: None)

    pages = page("no-referrer"), page("no-referrer"), page("same-origin")
    one, same, other = (Client(each).get("/").headers["ETag"] for each in pages)
    assert one == same != other


def test_many_readers_and_little_room_leave_the_books_right(own: Flask) -> None:
    cache = cache_of(own)
    cache.room = 20_000
    addresses = [f"/vicino?lon=9.6{number:02}&lat=45.7" for number in range(6)] * 20

    def ask(address: str) -> int:
        return own.test_client().get(address).status_code

    with ThreadPoolExecutor(8) as readers:
        assert set(readers.map(ask, addresses)) == {200}
    number, size = cache.usage()
    assert 0 < number < 6
    assert size <= 20_000


def test_a_first_page_that_cannot_be_made_is_known_before_visitors_come(
    own: Flask, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    own.extensions[EXTENSION].try_out()
    monkeypatch.setattr(home, "render_template", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        own.extensions[EXTENSION].try_out()


@pytest.mark.parametrize("cookie", ["session=x", "a=b; session=.eJwrSi0sTS0G; c=d"])
def test_whoever_has_a_session_gets_no_page_from_memory_and_leaves_none(
    own: Flask, made: list[str], cookie: str
) -> None:
    plain = own.test_client().get("/reti/")
    mine = own.test_client(use_cookies=False)
    for encoding in ("br", "identity"):
        headers = {"Cookie": cookie, "Accept-Encoding": encoding}
        answer = mine.get("/reti/", headers=headers)
        assert "ETag" not in answer.headers
        assert answer.headers.get("Content-Encoding", "identity") == encoding
    mine.get("/quartieri/", headers={"Cookie": cookie})
    mine.get("/quartieri/", headers={"Cookie": "consent=session"})
    assert made == ["/reti/", "/reti/", "/reti/", "/quartieri/", "/quartieri/"]
    assert own.test_client().get("/reti/").data == plain.data
    assert len(made) == 5


def test_a_request_with_a_body_is_left_to_flask(own: Flask, made: list[str]) -> None:
    client = own.test_client()
    client.get("/reti/")
    assert client.get("/reti/", data=b"x").status_code == 200
    assert client.get("/reti/", data=b"x" * 2000).status_code == 413
    assert client.get("/reti/", headers={"Transfer-Encoding": "chunked"}).status_code == 411
    assert len(made) == 4


def test_behind_a_proxy_pages_over_https_are_cached_apart(tmp_path: Path) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app({"QUARTIERI_DATA": folder, "TRUSTED_PROXIES": "1", "TILE_UPSTREAM": ""})
    seen: list[str] = []
    app.before_request(lambda: seen.append(request.scheme))
    client = app.test_client()
    for scheme in ("https", "http", "https", "http"):
        page = client.get(
            "/", headers={"X-Forwarded-Proto": scheme, "X-Forwarded-For": "192.0.2.1"}
        )
        assert Page(page.text).canonical == f"{scheme}://localhost/"
    assert seen == ["https", "http"]


def test_new_data_are_seen_at_once(own: Flask, made: list[str], tmp_path: Path) -> None:
    client = own.test_client()
    before = client.get("/").text
    areas = small_city.features()["quartieri.geojson"]
    areas[0]["properties"]["name"] = "Ponente"
    data = Dataset.read(small_city.write(tmp_path / "new", quartieri=areas))
    own.extensions["quartieri"] = app_state.Site(data, own.extensions["quartieri"].assets)
    after = client.get("/").text
    assert "Ponente" not in before
    assert "Ponente" in after
    assert len(made) == 2


def test_a_page_of_data_that_were_replaced_meanwhile_is_not_cached(own: Flask, monkeypatch) -> None:
    held = own.extensions["quartieri"]
    newer = app_state.Site(held.dataset, held.assets)
    render = networks.render_template

    def swap(*args, **kwargs):
        monkeypatch.undo()
        own.extensions["quartieri"] = newer
        return render(*args, **kwargs)

    monkeypatch.setattr(networks, "render_template", swap)
    client = own.test_client()
    client.get("/reti/")
    assert cache_of(own).usage() == (0, 0)
    client.get("/reti/")
    assert cache_of(own).usage()[0] == 1


def test_the_oldest_give_way(own: Flask, made: list[str]) -> None:
    cache = cache_of(own)
    cache.room = 30_000
    client = own.test_client()
    for number in range(30):
        client.get(f"/vicino?lon=9.6{number:02}&lat=45.7")
    assert 0 < cache.usage()[1] <= 30_000
    client.get("/vicino?lon=9.629&lat=45.7")
    client.get("/vicino?lon=9.600&lat=45.7")
    assert len(made) == 31


def test_assets_are_cached_forever(client: FlaskClient) -> None:
    named = re.search(r'/static/dist/[^"]+\.css', client.get("/").text)
    assert named is not None
    style = client.get(named[0], headers={"Accept-Encoding": "br"})
    assert "immutable" in style.headers["Cache-Control"]
    assert style.headers["Content-Encoding"] == "br"


def test_answers_go_with_their_dataset(tmp_path: Path) -> None:
    data = Dataset.read(small_city.write(tmp_path))
    gone = weakref.ref(data)
    assert counts(data).equals(counts(data))
    question = CoverageQuery(kinds=("parco",), metres=300)
    assert compute_coverage(data, question) is compute_coverage(data, question)
    del data
    gc.collect()
    assert gone() is None


def test_no_more_answers_are_cached_than_the_limit(small: Dataset) -> None:
    asked = []

    @memoized(2)
    def twice(dataset: Dataset, number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [twice(small, number) for number in (1, 2, 1, 3, 2, 2)] == [2, 4, 2, 6, 4, 4]
    assert asked == [1, 2, 3, 2]
