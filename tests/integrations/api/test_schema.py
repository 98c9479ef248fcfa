"""The OpenAPI document, and the whole API against it: nothing that fits makes a 5xx."""

import json

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from config.wsgi import application
from integrations.api.descriptions import OPERATIONS

pytestmark = pytest.mark.django_db


def test_it_comes_as_yaml_and_as_json(client):
    as_yaml = yaml.safe_load(client.get("/api/schema").content)
    as_json = json.loads(client.get("/api/schema?format=json").content)
    assert as_yaml["paths"].keys() == as_json["paths"].keys()
    assert "/api/v1/simulations/{kind}" in as_json["paths"]


def test_every_operation_names_problems_and_every_write_its_key(client):
    paths = json.loads(client.get("/api/schema?format=json").content)["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert "application/problem+json" in operation["responses"]["401"]["content"]
            named = {parameter["name"] for parameter in operation.get("parameters", [])}
            pure = path.startswith(("/api/v1/simulations/", "/api/v1/quotes"))
            assert ("Idempotency-Key" in named) == (method not in ("get", "head") and not pure), path


def test_every_operation_and_every_parameter_is_explained(client):
    paths = json.loads(client.get("/api/schema?format=json").content)["paths"]
    silent = []
    for path, methods in paths.items():
        for method, operation in methods.items():
            named = f"{method.upper()} {path}"
            if not (operation.get("summary") and operation.get("description")):
                silent.append(f"{named}: give the view a docstring")
            silent += [
                f"{named}: {parameter['name']}"
                for parameter in operation.get("parameters", [])
                if not parameter.get("description")
            ]
    assert silent == []


def test_no_words_are_left_over(client):
    """What is said of an operation that is gone, or that says it itself."""
    paths = json.loads(client.get("/api/schema?format=json").content)["paths"]
    there = {
        operation["operationId"]: operation for methods in paths.values() for operation in methods.values()
    }
    assert OPERATIONS.keys() <= there.keys()
    assert {name for name in OPERATIONS if there[name]["description"] != OPERATIONS[name]} == set()


def test_the_docs_page_keeps_to_the_policy(client):
    page = client.get("/api/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "<style" not in text
    assert "<script>" not in text
    assert "cdn" not in text


@pytest.fixture
def _connection_kept():
    """As Django's own test client does: a request's end does not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("_connection_kept")
def test_nothing_that_fits_the_schema_makes_a_5xx(acme, a_client):
    """In process, inside the test's transaction, a few examples for each operation."""
    caller = a_client(acme)
    schema = schemathesis.openapi.from_wsgi("/api/schema?format=json", application)
    broken: list[str] = []
    for result in schema.get_all_operations():
        operation = result.ok()
        _try(operation, caller.secret, broken)
    assert broken == []


def _try(operation, secret: str, broken: list[str]) -> None:
    @settings(
        max_examples=12,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def calls(case) -> None:
        headers = {"Authorization": f"Bearer {secret}"}
        response = case.call(headers=headers)
        if response.status_code >= 500:
            broken.append(f"{operation.label}: {response.status_code} for {case.as_curl_command()}")

    calls()
