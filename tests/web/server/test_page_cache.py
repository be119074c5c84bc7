"""What is made once, how long it stays, and that nobody gets what was made for another."""

import gc
import re
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client

from app import create_app
from geo.analysis.counts import counts
from geo.analysis.coverage import CoverageQuery, compute_coverage
from geo.model.cache import kept
from geo.model.dataset import Dataset
from tests.helpers.cities import small_city
from web.pages import networks
from web.server.page_cache import _MARK, KeptPages
from web.server.warm_up import warm_up
from web.site import app_state


@pytest.fixture
def own(tmp_path: Path) -> Flask:
    return create_app({"QUARTIERI_DATA": str(small_city.write(tmp_path)), "TILE_UPSTREAM": ""})


def kept_pages(app: Flask) -> KeptPages:
    pages = app.wsgi_app.pages
    assert isinstance(pages, KeptPages)
    return pages


@pytest.fixture
def made(own: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that Flask was asked for."""
    asked: list[str] = []
    pages = kept_pages(own)
    flask = pages._app

    def counting(environ, start):
        asked.append(environ["PATH_INFO"])
        return flask(environ, start)

    monkeypatch.setattr(pages, "_app", counting)
    return asked


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
def test_what_is_not_for_everyone_is_not_kept(own: Flask, made: list[str], page: str) -> None:
    client = own.test_client()
    client.get(page)
    client.get(page)
    assert len(made) == 2


def test_nobody_gets_the_links_of_another_host(own: Flask) -> None:
    client = own.test_client()
    for host in ("https://a.example", "https://b.example", "http://a.example"):
        found = re.search(r'rel="canonical" href="([^"]+)"', client.get("/", base_url=host).text)
        assert found is not None
        assert found[1] == f"{host}/"


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
    def page(policy: str) -> KeptPages:
        def answer(asked, start):
            asked[_MARK].append(True)
            start("200 OK", [("Content-Type", "text/plain"), ("Referrer-Policy", policy)])
            return [b"the same"]

        return KeptPages(answer, lambda: None, any_host=True)

    pages = page("no-referrer"), page("no-referrer"), page("same-origin")
    one, same, other = (Client(each).get("/").headers["ETag"] for each in pages)
    assert one == same != other


def test_many_readers_and_little_room_leave_the_books_right(own: Flask) -> None:
    pages = kept_pages(own)
    pages._room = 20_000
    addresses = [f"/vicino?lon=9.6{number:02}&lat=45.7" for number in range(6)] * 20

    def ask(address: str) -> int:
        return own.test_client().get(address).status_code

    with ThreadPoolExecutor(8) as readers:
        assert set(readers.map(ask, addresses)) == {200}
    assert pages._size == sum(each.size for each in pages._shelf.kept.values()) <= 20_000


def test_what_most_people_open_first_is_made_before_they_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(small_city.write(tmp_path))
    app = create_app(
        {"QUARTIERI_DATA": folder, "TILE_UPSTREAM": "", "PUBLIC_URL": "https://a.example"}
    )
    warm_up(app)
    monkeypatch.delattr(app.wsgi_app, "_app")
    for page in ("/", "/quartieri/est/", "/vicino"):
        assert app.test_client().get(page).status_code == 200


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


def test_a_page_that_new_data_overtook_is_not_kept(own: Flask, monkeypatch) -> None:
    held = own.extensions["quartieri"]
    newer = app_state.Site(held.dataset, held.assets)
    render = networks.render_template

    def swap(*args, **kwargs):
        monkeypatch.undo()
        own.extensions["quartieri"] = newer
        return render(*args, **kwargs)

    monkeypatch.setattr(networks, "render_template", swap)
    client = own.test_client()
    pages = kept_pages(own)
    client.get("/reti/")
    assert not pages._shelf.kept
    client.get("/reti/")
    assert len(pages._shelf.kept) == 1


def test_the_oldest_give_way(own: Flask, made: list[str]) -> None:
    pages = kept_pages(own)
    pages._room = 30_000
    client = own.test_client()
    for number in range(30):
        client.get(f"/vicino?lon=9.6{number:02}&lat=45.7")
    assert pages._size <= 30_000
    assert pages._size == sum(each.size for each in pages._shelf.kept.values())
    client.get("/vicino?lon=9.629&lat=45.7")
    client.get("/vicino?lon=9.600&lat=45.7")
    assert len(made) == 31


def test_assets_are_kept_forever(client: FlaskClient) -> None:
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


def test_no_more_answers_are_kept_than_asked_for(small: Dataset) -> None:
    asked = []

    @kept(2)
    def twice(dataset: Dataset, number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [twice(small, number) for number in (1, 2, 1, 3, 2, 2)] == [2, 4, 2, 6, 4, 4]
    assert asked == [1, 2, 3, 2]
