"""Run an action that a page requests, and report its success or refusal as a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from kernel.refusals import Refusal

T = TypeVar("T")


def attempt(
    request: HttpRequest, action: Callable[[], T], *, success: str | Callable[[T], str] = ""
) -> T | None:
    """Run an action and return its result; if it raises a Refusal, add an error message and return None.

    `success` is the message of a success, or a function that returns it for the result. A refused action
    is rolled back to a savepoint, and the request continues.
    """
    try:
        with transaction.atomic():
            result = action()
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return None
    if success:
        messages.success(request, success if isinstance(success, str) else success(result))
    return result
