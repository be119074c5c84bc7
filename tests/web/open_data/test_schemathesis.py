"""The API keeps to what its own description promises, whatever it is asked for."""

import json
import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.helpers.effort import short_or_long

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SERVED = {
    *("/", "/openapi", "/conformance", "/collections"),
    *(
        f"/collections/{name}{part}"
        for name in ("quartieri", "luoghi", "reti", "celle", "vie")
        for part in ("", "/schema", "/queryables", "/items", "/items/{featureId}")
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("mode", list(GenerationMode), ids=["as described", "otherwise"])
def test_every_answer_is_as_described(app: Flask, mode: GenerationMode) -> None:
    described = from_wsgi("/api/openapi?f=json", app)
    for operation in (each.ok() for each in described.get_all_operations()):
        cases = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=short_or_long(3, 40),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Accept-Encoding": "identity"}, checks=CHECKS)

        ask()


def test_the_description_tells_what_is_served_and_nothing_else(client: FlaskClient) -> None:
    document = client.get("/api/openapi?f=json").json
    assert set(document["paths"]) == SERVED
    assert all(set(methods) == {"get"} for methods in document["paths"].values())


def test_the_description_needs_no_other_document(client: FlaskClient) -> None:
    document = client.get("/api/openapi?f=json").json
    references = re.findall(r'"\$ref": ?"([^"]+)"', json.dumps(document))
    assert references
    for reference in references:
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def test_missing_and_typed_columns_are_as_described(client: FlaskClient) -> None:
    schemas = client.get("/api/openapi?f=json").json["components"]["schemas"]
    columns = schemas["quartieriFeature"]["properties"]["properties"]["properties"]
    south = client.get("/api/collections/quartieri/items/sud").json["properties"]
    assert set(columns) == set(south)
    assert south["residenti"] is None
    assert columns["residenti"]["type"] == "integer"
    assert columns["residenti"]["nullable"]


def test_a_box_may_have_heights(client: FlaskClient) -> None:
    items = "/api/collections/luoghi/items"
    flat = client.get(f"{items}?bbox=9.6,45.7,9.61,45.71").json
    high = client.get(f"{items}?bbox=9.6,45.7,0,9.61,45.71,500").json
    assert [each["id"] for each in flat["features"]] == [each["id"] for each in high["features"]]
    assert 0 < flat["numberMatched"] < client.get(items).json["numberMatched"]
