"""Every route × verb × who may not: nothing comes back, nothing changes, nothing breaks.

The routes come from the URL configuration, their parameters from their names, their bodies from
the API's schema and the admin's forms. So a new route is tried by itself, and one that the
matrix cannot call fails.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from tests.isolation.bodies import described, filters, form_data, json_body
from tests.isolation.conftest import Visitor
from tests.isolation.routes import VERBS, Route, every_route
from tests.isolation.world import World

ROUTES = every_route()
REFUSED = {400, 401, 403, 404, 405, 409, 415, 422}
OWN_TRACKS = ("integrations_idempotencyrecord",)
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass
class Case:
    """Who asks, whose rows it is about, and what must not be seen or changed."""

    visitor: Visitor
    own: Any
    foreign: Any
    marks: tuple[str, ...]
    secret_ids: set[str]
    foreign_text: str
    own_text: str
    digest: Any
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
    shown = [mark for mark in case.marks if mark in answer.text.replace(_sent_text(case, body, path), "")]
    if seen or shown:
        case.problems.append(f"{told} shows {sorted(seen)[:3]} {shown}")
    return answer.status


def _sent_text(case: Case, body: dict[str, Any], path: str) -> str:
    """A form that is shown again repeats what was typed into it."""
    return case.foreign_text if case.foreign_text in str(body) + path else "\0"


def _attack(case: Case, route: Route) -> None:
    before = case.digest()
    own, foreign = _choose(case.own), _choose(case.foreign, case.own)
    for verb in VERBS:
        for where, what in ((foreign, foreign), (foreign, own), (own, foreign)):
            path = route.filled(where)
            text = case.foreign_text if what is foreign else case.own_text
            if route.is_api:
                status = _try(case, route, verb, path, data=json_body(route, verb, what, text))
            else:
                status = _try(case, route, verb, path, form=form_data(route, what, text))
            if status == 405:
                break
    for query in filters(route, foreign, case.foreign_text):
        name, value = next(iter(query.items()))
        _try(case, route, "GET", f"{route.filled(own)}?{name}={value}")
    if case.digest() != before:
        changed = [table for table, one in case.digest().items() if one != before[table]]
        case.problems.append(f"changed: {changed}")
    assert not case.problems, "\n".join(case.problems)


def _ids(ids: dict[Any, list[Any]]) -> set[str]:
    return {str(one) for found in ids.values() for one in found}


def _stranger(acme: World, bolt: World, watch: Any, **who: Any) -> Case:
    return Case(
        Visitor(who.pop("port"), **who), acme.ids, bolt.ids, (bolt.mark, bolt.tenant.name), _ids(bolt.ids),
        f"{bolt.mark}D1Z-dealer", f"{acme.mark}D1Z-dealer", lambda: watch.digest(bolt.tenant.id),
    )  # fmt: skip


def _neighbour(acme: World, watch: Any, **who: Any) -> Case:
    mine, other = acme.dealers
    own = acme.ids | {model: found for model, found in mine.ids.items() if found}
    return Case(
        Visitor(who.pop("port"), **who), own, other.ids,
        (other.mark,), _ids(other.ids), f"{other.mark}-dealer", f"{mine.mark}-dealer",
        lambda: watch.digest(acme.tenant.id, _ids(other.ids), OWN_TRACKS),
    )  # fmt: skip


def _powerless(acme: World, watch: Any, **who: Any) -> Case:
    return Case(
        Visitor(who.pop("port"), **who), acme.ids, acme.ids, (f"{acme.mark}D", f"{acme.mark}-all"), set(),
        f"{acme.mark}D1Z-dealer", f"{acme.mark}D1Z-dealer",
        lambda: watch.digest(acme.tenant.id, None, OWN_TRACKS), may_read_own=False,
    )  # fmt: skip


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


WHO = {
    True: ("a key of another tenant", "a key of another dealer", "a key without the scope", "a revoked key",
           "an expired key", "nobody"),
    False: ("a director of another tenant", "an owner of another dealer", "a person whose role only reads",
            "nobody"),
}  # fmt: skip


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_reaches_what_is_not_theirs(route: Route, cases: dict[str, Case]) -> None:
    for who in WHO[route.is_api]:
        case = cases[who]
        case.problems = []
        try:
            _attack(case, route)
        except AssertionError as error:
            raise AssertionError(f"{who}\n{error}") from None


@pytest.mark.parametrize("route", [route for route in ROUTES if route.is_api], ids=str)
def test_every_route_of_the_api_is_described(route: Route) -> None:
    assert described(route), f"{route.pattern} is not in the schema: the matrix cannot know its bodies"
