"""The global search of the header: find rows of every registered noun that the user may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from accounts.rights import Actor
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from catalogue.models import Barcode
from tenancy.rooms import SearchNoun, registered, resolve

MAX_IN_HEADER, MAX_ON_PAGE, MAX_COUNTED, MAX_CHARACTERS = 8, 20, 100, 100


@dataclass(frozen=True, slots=True)
class Found:
    """One result; `codes` are its exact names."""

    name: str
    under: str
    url: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The results of a noun; `more` match besides, counted up to MAX_COUNTED (`is_more_at_least`)."""

    label: str | Promise
    icon: str
    found: list[Found]
    more: int = 0
    is_more_at_least: bool = False


def search(actor: Actor, typed: str, *, limit: int) -> list[Group]:
    """Return the results grouped by noun, at most `limit` of each noun. At most nine SQL statements."""
    typed = "".join(one for one in typed if one.isprintable() or one == "\u3000").strip()[:MAX_CHARACTERS]
    return list(_groups(actor, typed, limit)) if typed else []


def _groups(actor: Actor, typed: str, limit: int) -> Iterator[Group]:
    for noun in registered("search_nouns"):
        if not actor.may(noun.right) or not _has_page(noun):
            continue
        found = [
            Found(one.title, one.subtitle, reverse(noun.page, args=[one.object_id]), one.codes)
            for one in resolve(noun.find)(actor, typed, MAX_COUNTED)
        ]
        if found:
            more = max(len(found) - limit, 0)
            yield Group(noun.label, noun.icon, found[:limit], more, len(found) == MAX_COUNTED)


def _has_page(noun: SearchNoun) -> bool:
    try:
        reverse(noun.page, args=[UUID(int=0)])
    except NoReverseMatch:
        return False
    return True


def exact(groups: list[Group], typed: str) -> str:
    """Return the URL of the only result with exactly this code or barcode; "" if there is none."""
    wanted = typed.strip().casefold()
    found = [one for group in groups for one in group.found]
    named = [one.url for one in found if wanted in {code.casefold() for code in one.codes}]
    if len(named) == 1:
        return named[0]
    if wanted.isdigit() and len(found) == 1 and Barcode.objects.filter(code=wanted).exists():
        return found[0].url
    return ""


def trimmed(groups: list[Group], limit: int) -> list[Group]:
    """Return at most `limit` results in total; each group keeps at least its share."""
    share = max(2, limit // max(1, len(groups)))
    left = limit
    result = []
    for number, group in enumerate(groups):
        room = left - 2 * (len(groups) - number - 1)
        taken = group.found[: max(share, min(room, len(group.found)))][: max(left, 0)]
        left -= len(taken)
        more = group.more + len(group.found) - len(taken)
        result.append(Group(group.label, group.icon, taken, more, group.is_more_at_least))
    return [group for group in result if group.found]


@entering()
@require_safe
def search_page(request: ActorRequest) -> HttpResponse:
    """Show the results: the best eight in the header's box; redirect if a name matches exactly."""
    typed = request.GET.get("q", "")
    htmx = bool(getattr(request, "htmx", None)) and not request.htmx.boosted
    groups = search(request.actor, typed, limit=MAX_IN_HEADER if htmx else MAX_ON_PAGE)
    if htmx:
        response = render(
            request, "search/found.html", {"groups": trimmed(groups, MAX_IN_HEADER), "typed": typed}
        )
    elif target := exact(groups, typed):
        return redirect(target)
    else:
        response = render(request, "search/page.html", {"groups": groups, "typed": typed})
    patch_vary_headers(response, ["HX-Request"])
    return response
