"""Every route × input that no view can read: never a 5xx.

The names of the parameters are recorded while a route is visited, so that a new one is tried by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from tenancy.models import Tenant
from tests.isolation.bodies import form_data, json_body, schema_parameters
from tests.isolation.routes import Route, every_route
from tests.isolation.world import World, build

pytestmark = pytest.mark.django_db
PAGES = [route for route in every_route() if not route.is_api]
API = [route for route in every_route() if route.is_api]
UNREADABLE = ("x\0", "\ud800", "[" * 3000)
NO_UUID, LONG = "no-uuid", "9" * 40
WRONG_VALUES = (None, [], {}, NO_UUID, 10**40, True, "0001-01-01", [None], "9" * 400)
FORM = "application/x-www-form-urlencoded"
OF_THE_FRAME = {"csrfmiddlewaretoken", "once"}


class Walker:
    """A client that notes every 5xx. Nothing that it does stays."""

    def __init__(self, *, person: User | None = None, key: str = "") -> None:
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        if person is not None:
            self.client.force_login(person, backend="accounts.backends.AccountBackend")
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
        self.problems: list[str] = []
        self.count = 0

    def ask(self, verb: str, path: str, body: str = "", content_type: str = FORM) -> int:
        self.count += 1
        headers = {**self.headers, "HTTP_IDEMPOTENCY_KEY": f"key-{self.count}"}
        data = body.encode("utf-8", "surrogatepass")
        with transaction.atomic():
            answer = self.client.generic(verb, path, data, content_type, **headers)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.problems.append(f"{verb} {path[:200]} {body[:200]} → {answer.status_code}")
        return int(answer.status_code)


def encoded(fields: dict[str, str]) -> str:
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in fields.items())


def _quote(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"))


@contextmanager
def names_read() -> Iterator[set[str]]:
    """Record the names of the parameters and fields that are read inside the block."""
    names: set[str] = set()
    originals = {name: getattr(QueryDict, name) for name in ("__getitem__", "getlist", "__contains__")}

    def recording(original: Any) -> Any:
        def read(self: QueryDict, key: str, *rest: Any, **more: Any) -> Any:
            names.add(str(key))
            return original(self, key, *rest, **more)

        return read

    for name, original in originals.items():
        setattr(QueryDict, name, recording(original))
    try:
        yield names
    finally:
        for name, original in originals.items():
            setattr(QueryDict, name, original)
        names -= OF_THE_FRAME


@pytest.fixture
def world(db: None) -> World:
    return build(Tenant.objects.get(slug="acme"), "ACME4K")


def _choose(world: World) -> Any:
    def choose(model: Any) -> Any:
        found = world.ids.get(model)
        return found[0] if found else uuid4()

    return choose


def _walk_page(walker: Walker, route: Route, choose: Any) -> None:
    path = route.filled(choose)
    if route.parameters:
        walker.ask("GET", route.filled(lambda model: None).replace("-", "%00", 1))
    with names_read() as asked:
        status = walker.ask("GET", path)
    for text in UNREADABLE:
        walker.ask("GET", f"{path}?{encoded({'q': text})}")
    for name in asked if status < 300 else ():
        walker.ask("GET", f"{path}?{encoded({name: NO_UUID})}")
    walker.ask("GET", f"{path}?{encoded(dict.fromkeys(asked, LONG))}")
    fields = form_data(route, choose, "typed")
    with names_read() as asked:
        if walker.ask("POST", path, encoded(fields)) in {403, 404, 405}:
            return
    for text in (*UNREADABLE, NO_UUID, LONG):
        walker.ask("POST", path, encoded(dict.fromkeys({*asked, *fields}, text)))
    for name in sorted(asked & fields.keys()):
        walker.ask("POST", path, encoded(fields | {name: NO_UUID}))


def _walk_api(walker: Walker, route: Route, choose: Any) -> None:
    path = route.filled(choose)
    for name in schema_parameters(route):
        for value in (NO_UUID, LONG, *UNREADABLE):
            walker.ask("GET", f"{path}?{encoded({name: value})}")
    for verb in ("POST", "PUT", "PATCH", "DELETE"):
        body = json_body(route, verb, choose, "typed")
        if walker.ask(verb, path, json.dumps(body), "application/json") == 405:
            continue
        for document in ('"\\u0000"', '{"a": "\\ud800"}', "[" * 900 + "]" * 900, "null", "[]", '"x"', "7"):
            walker.ask(verb, path, document, "application/json")
        for place, leaf in enumerate(_leaves(body)):
            wrong = _with(body, leaf, WRONG_VALUES[place % len(WRONG_VALUES)])
            walker.ask(verb, path, json.dumps(wrong), "application/json")


def _leaves(body: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    if path:
        yield path
    for key, value in inner:
        yield from _leaves(value, (*path, key))


def _with(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[path[0]] = _with(copy[path[0]], path[1:], value)
    return copy


@pytest.mark.parametrize("who", ["director", "dealer"])
def test_no_page_breaks(world: World, who: str) -> None:
    person = world.director if who == "director" else world.dealers[0].person
    walker = Walker(person=person)
    for route in PAGES:
        if who == "director" or not route.pattern.startswith("admin/"):
            _walk_page(walker, route, _choose(world))
    assert walker.count > 3 * len(PAGES) / 2
    assert not walker.problems, "\n".join(walker.problems)


def test_no_route_of_the_api_breaks(world: World) -> None:
    walker = Walker(key=world.key)
    for route in API:
        _walk_api(walker, route, _choose(world))
    assert walker.count > 3 * len(API)
    assert not walker.problems, "\n".join(walker.problems)
