"""A deed asked for on a page: done whole, or refused with the reason said and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest

from kernel.refusals import Refusal

Made = TypeVar("Made")


def attempt(request: HttpRequest, deed: Callable[[], Made], *, said: str = "") -> Made | None:
    """What the deed made; None where it refused, which is then told as a message of the page.

    A deed that refuses is undone to where it began; the rest of the request goes on.
    """
    try:
        with transaction.atomic():
            made = deed()
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return None
    if said:
        messages.success(request, said)
    return made
