"""The page for who must wait."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.domain.topics import SMS
from accounts.providers import offered


def ways() -> dict[str, bool]:
    """The tabs of the sign-in page; a code needs somebody who carries it."""
    return {"by_code": SMS in offered()}


def too_many(request: HttpRequest, seconds: int, *, name: bool = False) -> HttpResponse:
    """`name`: it is this name that must wait, from this place."""
    asked = {"seconds": seconds, "of_name": name, **ways()}
    response = render(request, "accounts/too_many.html", asked, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
