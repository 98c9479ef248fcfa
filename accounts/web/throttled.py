"""The page for a user who must wait."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.domain.topics import SMS
from accounts.providers import offered


def ways() -> dict[str, bool]:
    """Return which tabs the sign-in page has; sign-in by code needs a provider of text messages."""
    return {"by_code": SMS in offered()}


def too_many(request: HttpRequest, seconds: int, *, name: bool = False) -> HttpResponse:
    """Return the page with status 429; `name` says that the limit is for the user's name."""
    context = {"seconds": seconds, "of_name": name, **ways()}
    response = render(request, "accounts/too_many.html", context, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response
