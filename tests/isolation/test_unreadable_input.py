"""Every route × input that no view can read: never a 5xx.

The names of the parameters are recorded while a route is visited, so that a new one is tried by itself.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client, override_settings
from django.urls import clear_url_caches

from accounts.models import User
from tenancy.models import Tenant
from tests.isolation.bodies import form_data, json_body, schema_methods, schema_parameters
from tests.isolation.conftest import GENEROUS
from tests.isolation.routes import Route, every_route
from tests.isolation.world import World, build

pytestmark = pytest.mark.django_db
PAGES = [route for route in every_route() if not route.is_api]
API = [route for route in every_route() if route.is_api]
UNREADABLE = ("x\0", "\ud800", "[" * 3000)
NO_UUID, LONG = "no-uuid", "9" * 40
WRONG_VALUES: tuple[Any, ...] = (None, [], {}, NO_UUID, 10**40, True, "0001-01-01", [None], "9" * 400)
DOCUMENTS = ('"\\u0000"', '{"a": "\\ud800"}', "[" * 900 + "]" * 900, "null", "[]", '"x"', "7")
REFUSED = {403, 404, 405}
FORM = "application/x-www-form-urlencoded"
OF_THE_FRAME = {"csrfmiddlewaretoken", "once"}


class Walker:
    """A client that notes every 5xx. Nothing that it does stays."""

    def __init__(self, *, person: User | None = None, key: str = "") -> None:
        self.client = Client(raise_request_exception=False, SERVER_NAME="localhost")
        if person is not None:
            self.client.force_login(person, backend="accounts.backends.AccountBackend")
        self.cookies = {name: one.value for name, one in self.client.cookies.items()}
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
        self.problems: list[str] = []
        self.count = 0

    def ask(self, verb: str, path: str, body: str = "", content_type: str = FORM) -> int:
        self.count += 1
        headers = {**self.headers, "HTTP_IDEMPOTENCY_KEY": f"key-{self.count}"}
        data = body.encode("utf-8", "surrogatepass")
        self.client.cookies.load(self.cookies)
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
    originals = {name: getattr(QueryDict, name) for name in ("__getitem__", "getlist")}

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
def world(db: None, settings: Any) -> Iterator[World]:
    logging.disable(logging.CRITICAL)
    for name in (*GENEROUS, "WORK_STEPS_A_MINUTE"):
        setattr(settings, name, 0)
    yield build(Tenant.objects.get(slug="acme"), "ACME4K")
    logging.disable(logging.NOTSET)


def _choose(world: World) -> Any:
    ids = world.ids  # a query for each model

    def choose(model: Any) -> Any:
        found = ids.get(model)
        return found[0] if found else uuid4()

    return choose


def _walk_page(walker: Walker, route: Route, choose: Any, unreadable: str, *, one_by_one: bool) -> bool:
    """Send a page what it cannot read; return False if the visitor may not open it.

    Each parameter that the page reads is sent alone too with `one_by_one`, as the first fault hides the rest.
    """
    path, fields = route.filled(choose), form_data(route, choose, "typed")
    with names_read() as asked:
        seen = walker.ask("GET", path)
    with names_read() as sent:
        done = walker.ask("POST", path, encoded(dict.fromkeys(fields, NO_UUID)))
    if {seen, done} <= REFUSED:
        return False
    walker.ask("GET", f"{path}?{encoded({'q': unreadable})}")
    if route.parameters:
        walker.ask("GET", path.replace("-", "%00", 1))
    if seen not in REFUSED and asked:
        walker.ask("GET", f"{path}?{encoded(dict.fromkeys(asked, NO_UUID))}")
    if done not in REFUSED:
        walker.ask("POST", path, encoded(fields | {"q": unreadable}))
    if one_by_one:
        for name in sorted(asked) if seen < 300 else ():
            walker.ask("GET", f"{path}?{encoded({name: NO_UUID})}")
            walker.ask("GET", f"{path}?{encoded({name: LONG})}")
        for name in sorted(sent & fields.keys()) if done not in REFUSED else ():
            walker.ask("POST", path, encoded(fields | {name: NO_UUID}))
            walker.ask("POST", path, encoded(fields | {name: LONG}))
    return True


def _walk_api(walker: Walker, route: Route, choose: Any, *, one_by_one: bool) -> None:
    path = route.filled(choose)
    for name, value in zip(schema_parameters(route), cycle((NO_UUID, LONG)), strict=False):
        walker.ask("GET", f"{path}?{encoded({name: value})}")
    for verb in sorted(schema_methods(route) - {"GET"}):
        body = json_body(route, verb, choose, "typed")
        for document in DOCUMENTS:
            walker.ask(verb, path, document, "application/json")
        for place, leaf in enumerate(_leaves(body)):
            values: tuple[Any, ...] = (
                WRONG_VALUES if one_by_one else (WRONG_VALUES[place % len(WRONG_VALUES)],)
            )
            for value in values:
                walker.ask(verb, path, json.dumps(_with(body, leaf, value)), "application/json")


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


EACH_RUN_AND_ALL = pytest.mark.parametrize(
    "one_by_one",
    [
        pytest.param(False, id="together"),
        pytest.param(True, id="one by one", marks=pytest.mark.every_point),
    ],
)


@EACH_RUN_AND_ALL
def test_no_page_breaks(world: World, one_by_one: bool) -> None:
    """The director visits what is open to the staff, a dealer's owner the rest."""
    walkers = [Walker(person=world.director), Walker(person=world.dealers[0].person)]
    choose, opened = _choose(world), 0
    for route, text in zip(PAGES, cycle(UNREADABLE), strict=False):
        opened += any(_walk_page(one, route, choose, text, one_by_one=one_by_one) for one in walkers)
    assert opened > len(PAGES) * 0.9
    problems = [problem for walker in walkers for problem in walker.problems]
    assert not problems, "\n".join(problems)


@EACH_RUN_AND_ALL
def test_no_route_of_the_api_breaks(world: World, one_by_one: bool) -> None:
    walker = Walker(key=world.key)
    for route in API:
        _walk_api(walker, route, _choose(world), one_by_one=one_by_one)
    assert walker.count > 3 * len(API)
    assert not walker.problems, "\n".join(walker.problems)


@override_settings(ROOT_URLCONF="tests.isolation.planted")
def test_the_walk_finds_a_view_that_breaks(world: World) -> None:
    clear_url_caches()
    route = next(one for one in every_route() if one.name == "break")
    walker = Walker(key=world.key)
    walker.ask("GET", route.filled(lambda model: None))
    clear_url_caches()
    assert walker.problems
