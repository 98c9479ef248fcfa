"""What rooms register fits together: names resolve, rights and groups exist, no room hides another's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.urls import URLPattern, get_resolver, resolve, reverse

from accounts.domain.topics import groups
from accounts.rights import ROLES, all_rights
from jobs.operations import jobs
from jobs.operations.loading import load_tasks
from tenancy.rooms import DEALER, MEMBER, STAFF, job_kinds, registered
from tenancy.rooms import resolve as resolve_path

SAMPLES = {"uuid": str(UUID(int=1)), "slug": "sample", "str": "sample", "int": "1"}


def _dotted_paths() -> Iterator[str]:
    for noun in registered("search_nouns"):
        yield from filter(None, (noun.find, noun.reindex))
    for kind in registered("job_kinds"):
        yield from filter(None, (kind.result_url,))
    for call in registered("schedule"):
        yield call.function


def test_every_dotted_path_names_a_function() -> None:
    paths = list(_dotted_paths())
    assert len(paths) > 10
    assert all(callable(resolve_path(path)) for path in paths)


def test_every_entry_of_the_navigation_has_its_page_right_group_and_roles() -> None:
    codes = {group.code for group in registered("navigation_groups")}
    roles = {role for held in ROLES.values() for role in held}
    for entry in registered("navigation"):
        assert reverse(entry.page.partition("?")[0])
        assert entry.door in {STAFF, DEALER, MEMBER}
        assert not entry.right or entry.right in all_rights()
        assert entry.group in codes if entry.door == STAFF else entry.group in {"", *codes}
        assert set(entry.roles) <= roles


@pytest.mark.parametrize("name", ["navigation_groups", "notification_groups", "job_kinds", "rights"])
def test_no_two_rooms_register_the_same_code(name: str) -> None:
    codes = [getattr(one, "kind", None) or one.code for one in registered(name)]
    assert len(codes) == len(set(codes))


def test_every_right_that_is_named_is_held_by_a_role() -> None:
    named = {noun.right for noun in registered("search_nouns")} | {
        kind.figures_right for kind in registered("job_kinds")
    }
    assert named <= all_rights()


def test_every_topic_belongs_to_a_group() -> None:
    assert {topic.group for topic in registered("notification_topics")} <= set(groups())


def test_every_job_that_a_worker_can_do_has_its_label() -> None:
    load_tasks()
    kinds = {kind for kind, worker in jobs._workers.items() if not worker.__module__.startswith("tests.")}
    assert kinds == set(job_kinds())


def _patterns(patterns: Any, before: str = "") -> Iterator[tuple[str, str]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path, str(one.name)
        elif not path.startswith("admin/"):
            yield from _patterns(one.url_patterns, path)


def test_no_page_is_hidden_by_another_rooms_pattern() -> None:
    """With each converter's sample every pattern leads to its own view."""
    tried = 0
    for pattern, name in _patterns(get_resolver().url_patterns):
        if "^" in pattern or name == "None":
            continue
        path = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], pattern)
        assert resolve(f"/{path}").url_name == name, pattern
        tried += 1
    assert tried > 100
