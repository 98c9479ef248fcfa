"""Every route × verb × who may not: nothing comes back, nothing changes, nothing breaks.

The routes come from the URL configuration, their parameters from their names, their bodies from
the API's schema and the admin's forms. So a new route is tried by itself, and one that the
matrix cannot call fails.
"""

from __future__ import annotations

import contextlib
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.test import override_settings
from django.urls import clear_url_caches

from alliance.models import Contract
from config import celery_app
from dealers.models import Party
from jobs.models import OutboxMessage
from jobs.operations.loading import load_tasks
from kernel.refusals import Refusal
from tests.isolation.bodies import described, filters, form_data, json_body, needed, page_queries
from tests.isolation.conftest import UUID_TEXT, Visitor, Watch
from tests.isolation.routes import NOUNS, VERBS, Route, UnknownRoute, every_route
from tests.isolation.world import World

load_tasks()
ROUTES = every_route()
REFUSED = {400, 401, 403, 404, 405, 409, 415, 422}
OWN_TRACKS = ("integrations_idempotencyrecord", "accounts_preference")
Rows = dict[str, list[str]]


@dataclass(eq=False)
class Case:
    """Who asks, whose rows it is about, and what must not be seen or changed."""

    visitor: Visitor
    own: Any
    foreign: Any
    marks: tuple[str, ...]
    secret_ids: set[str]
    foreign_text: str
    own_text: str
    rows: Callable[[], Rows]
    may_read_own: bool = True
    problems: list[str] = field(default_factory=list)


def _choose(ids: Any, spare: Any = None) -> Any:
    def choose(model: Any) -> Any:
        found = ids.get(model) or (spare or {}).get(model)
        return found[0] if found else uuid4()

    return choose


def _try(case: Case, route: Route, verb: str, path: str, **body: Any) -> int:
    answer = case.visitor.ask(verb, path, **body)
    told = f"{verb} {path} {body or ''} → {answer.status}"
    if answer.status >= 500:
        case.problems.append(f"{told}: {answer.text[-300:]}")
    if 300 <= answer.status < 400 and route.is_api:
        case.problems.append(told)
    if not case.may_read_own and not route.is_public and answer.status not in {*REFUSED, 301, 302}:
        case.problems.append(f"{told} without the right")
    sent = set(UUID_TEXT.findall(path + str(body)))
    seen = (case.secret_ids - sent) & set(UUID_TEXT.findall(answer.text))
    text = answer.text.replace(_sent_text(case, body, path), "")
    shown = [
        excerpt.group() for mark in case.marks for excerpt in re.finditer(f".{{0,60}}{re.escape(mark)}", text)
    ]
    if seen or shown:
        case.problems.append(f"{told} shows {sorted(seen)[:3]} {shown}")
    return answer.status


def _sent_text(case: Case, body: dict[str, Any], path: str) -> str:
    """A form that is shown again repeats what was typed into it."""
    return case.foreign_text if case.foreign_text in str(body) + path else "\0"


def _attack(case: Case, route: Route) -> list[str]:
    """What was seen, changed or broken."""
    case.problems = []
    case.visitor.sign_in()
    before = _rows_before(case)
    own, foreign = _choose(case.own), _choose(case.foreign, case.own)
    no_choice = case.own is case.foreign or not route.parameters
    tried: set[tuple[str, ...]] = set()
    for verb in VERBS:
        for where, what in [(foreign, foreign), (foreign, own), (own, foreign)][: 1 if no_choice else 3]:
            path = route.filled(where)
            body = _body(case, route, verb, what, case.foreign_text if what is foreign else case.own_text)
            same = (verb, path, str(body))
            if same in tried:
                continue
            tried.add(same)
            if _try(case, route, verb, path, **body) == 405:
                break
    queries = filters if route.is_api else page_queries
    for query in queries(route, foreign, case.foreign_text):
        _try(case, route, "GET", f"{route.filled(own)}?{urlencode(query)}")
    after = _last[case] = case.rows()
    if after != before:
        case.problems.append(f"changed: {[table for table in after if after[table] != before.get(table)]}")
    return case.problems


def _body(case: Case, route: Route, verb: str, choose: Any, text: str) -> dict[str, Any]:
    """What is sent along: nothing where no view would read it."""
    if verb == "GET" or not (route.is_api or verb == "POST"):
        return {}
    if route.is_api:
        return {"data": json_body(route, verb, choose, text)}
    return {"form": form_data(route, choose, text)}


_last: dict[Case, Rows] = {}


def _rows_before(case: Case) -> Rows:
    """The last one, as long as nobody else has acted meanwhile."""
    found = _last.get(case)
    _last.clear()
    return found or case.rows()


def _ids(ids: dict[Any, list[Any]]) -> set[str]:
    return {str(one) for found in ids.values() for one in found}


def _stranger(acme: World, bolt: World, watch: Any, **who: Any) -> Case:
    return Case(
        Visitor(who.pop("port"), **who),
        acme.ids,
        bolt.ids,
        (bolt.mark, bolt.tenant.name),
        _ids(bolt.ids),
        f"{bolt.mark}D1Z-dealer",
        f"{acme.mark}D1Z-dealer",
        lambda: watch.rows(bolt.tenant.id),
    )


def _neighbour(acme: World, watch: Any, **who: Any) -> Case:
    mine, other = acme.dealers
    own = acme.ids | {model: found for model, found in mine.ids.items() if found}
    return Case(
        Visitor(who.pop("port"), **who),
        own,
        other.ids,
        (other.mark,),
        _ids(other.ids),
        f"{other.mark}-dealer",
        f"{mine.mark}-dealer",
        lambda: watch.rows(acme.tenant.id, _ids(other.ids), OWN_TRACKS),
    )


def _powerless(acme: World, watch: Any, **who: Any) -> Case:
    everything = acme.ids
    return Case(
        Visitor(who.pop("port"), **who),
        everything,
        everything,
        (f"{acme.mark}D", f"{acme.mark}-all"),
        set(),
        f"{acme.mark}D1Z-dealer",
        f"{acme.mark}D1Z-dealer",
        lambda: watch.rows(acme.tenant.id, None, OWN_TRACKS),
        may_read_own=False,
    )


@pytest.fixture(scope="module")
def cases(site: int, acme: World, bolt: World, watch: Any) -> dict[str, Case]:
    mine = acme.dealers[0]
    clerk = _powerless(acme, watch, port=site, person=acme.assistant)
    clerk.may_read_own, clerk.marks = True, ()
    return {
        "a key of another tenant": _stranger(acme, bolt, watch, port=site, key=acme.key),
        "a director of another tenant": _stranger(acme, bolt, watch, port=site, person=acme.director),
        "a key of another dealer": _neighbour(acme, watch, port=site, key=mine.key),
        "an owner of another dealer": _neighbour(acme, watch, port=site, person=mine.person),
        "a key without the scope": _powerless(acme, watch, port=site, key=acme.keys["no scope"]),
        "a person whose role only reads": clerk,
        "a revoked key": _powerless(acme, watch, port=site, key=acme.keys["revoked"]),
        "an expired key": _powerless(acme, watch, port=site, key=acme.keys["expired"]),
        "nobody": _powerless(acme, watch, port=site),
    }


BY_KEY = (
    "a key of another tenant",
    "a key of another dealer",
    "a key without the scope",
    "a revoked key",
    "an expired key",
)
BY_SESSION = ("a director of another tenant", "an owner of another dealer", "a person whose role only reads")
MATRIX = [
    (who, route)
    for who in (*BY_KEY, *BY_SESSION, "nobody")
    for route in ROUTES
    if who == "nobody" or route.is_api == (who in BY_KEY)
]


@pytest.mark.parametrize(("who", "route"), MATRIX, ids=str)
def test_nobody_reaches_what_is_not_theirs(who: str, route: Route, cases: dict[str, Case]) -> None:
    problems = _attack(cases[who], route)
    assert not problems, f"{who}\n" + "\n".join(problems)


API = [route for route in ROUTES if route.is_api]
UNKNOWN_CODE = {"api-contract-verify"}
"""Routes that find a row by a code of a signed text, which the rows of the matrix have not."""


@pytest.mark.parametrize("route", API, ids=str)
def test_every_route_of_the_api_is_described(route: Route) -> None:
    assert described(route), f"{route.pattern} is not in the schema: the matrix cannot know its bodies"


@pytest.mark.parametrize("route", API, ids=str)
def test_whoever_may_see_does(route: Route, cases: dict[str, Case]) -> None:
    """Else a matrix of refusals would prove nothing."""
    case = cases["a key of another tenant"]
    choose = _choose(case.own)
    own = {"sku": f"{case.own_text[:6]}-1", "buyer": case.own_text}
    if route.name == "api-contract-comparison":
        own = {"with": str(choose(Contract))}
    if route.name == "api-manual-prices":
        own = {"buyer": str(choose(Party))}
    if route.name == "api-price-book":
        own = {"buyer": case.own_text}
    answer = case.visitor.ask("GET", f"{route.filled(choose)}{needed(route, own)}")
    expected = {404} if route.name in UNKNOWN_CODE else {200, 405}
    assert answer.status in expected, answer.text


@pytest.fixture
def planted(site: int) -> Iterator[dict[str, Route]]:
    with override_settings(ROOT_URLCONF="tests.isolation.planted"):
        clear_url_caches()
        yield {route.name: route for route in every_route() if "planted" in route.pattern}
    clear_url_caches()


@pytest.mark.parametrize(
    ("name", "who", "words"),
    [
        ("read", "a key of another dealer", "shows"),
        ("cross", "a key of another tenant", "shows"),
        ("cross", "nobody", "without the right"),
        ("write", "a key of another dealer", "changed: ['ordering_order']"),
        ("break", "a key of another tenant", "→ 500"),
    ],
)
def test_the_matrix_finds_a_careless_view(
    name: str, who: str, words: str, planted: dict[str, Route], cases: dict[str, Case]
) -> None:
    assert words in "\n".join(_attack(cases[who], planted[name]))


def test_a_route_that_the_matrix_cannot_call_fails(planted: dict[str, Route], cases: dict[str, Case]) -> None:
    with pytest.raises(UnknownRoute):
        _attack(cases["nobody"], planted["unknown"])


@pytest.mark.parametrize("task", sorted(name for name in celery_app.tasks if not name.startswith("celery.")))
def test_a_task_with_another_tenants_ids_does_nothing(
    task: str, acme: World, bolt: World, watch: Watch
) -> None:
    """Each registered task, its arguments filled with foreign ids by their names."""
    function = celery_app.tasks[task]
    if "tenant_id" not in inspect.signature(function.run, follow_wrapped=False).parameters:
        return
    wanted = set(inspect.signature(inspect.unwrap(function.run)).parameters) - {"tenant_id"}
    before = watch.rows(bolt.tenant.id)
    nouns: dict[str, Any] = {**NOUNS, "message": OutboxMessage}
    ids = {name: str(bolt.ids[nouns[name.removesuffix("_id")]][0]) for name in wanted}
    with contextlib.suppress(Refusal, ObjectDoesNotExist):
        function(tenant_id=str(acme.tenant.id), **ids)
    assert watch.rows(bolt.tenant.id) == before
