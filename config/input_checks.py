"""Refuse at the entrance what no view can read: other methods, NUL, lone surrogates, huge bodies.

The bodies of the API are checked by its parser (ui.api), which names the path of the text, and its methods
by its views.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from config.views import API, bad_request
from kernel.readable_text import is_readable

LENGTH = re.compile(r"\d{1,18}", re.ASCII)
PAGE_METHODS = ("GET", "HEAD", "POST")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# A key is hashed before it is compared, and an unreadable one is simply unknown.
UNCHECKED_HEADERS = {"HTTP_AUTHORIZATION"}


class ReadableInputMiddleware:
    """Answer 400 to a path, query, header, cookie or form field that cannot be stored or parsed.

    A page has no other methods than PAGE_METHODS; which of them a page has, its view decides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _size_of(request) > settings.MAX_REQUEST_BYTES:
            return HttpResponse(status=413)
        if request.method not in PAGE_METHODS and not request.path_info.startswith(API):
            return HttpResponseNotAllowed(PAGE_METHODS)
        if all(map(is_readable, _texts_of(request))):
            return self.get_response(request)
        return bad_request(request)


def _size_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if LENGTH.fullmatch(length) else 0


def _texts_of(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    for name, value in request.META.items():
        if name.startswith("HTTP_") and name not in UNCHECKED_HEADERS:
            yield value
    yield from request.COOKIES.values()
    for name, values in request.GET.lists():
        yield name
        yield from map(str, values)
    if request.method == "POST" and request.content_type in FORMS:
        for name, values in request.POST.lists():
            yield name
            yield from map(str, values)
        for name, files in request.FILES.lists():
            yield name
            yield from (str(file.name) for file in files)
