"""The strict JSON parser and the cursor pagination of every room's API."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import DataError
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.settings import api_settings

from kernel.cases import InvalidCase, json_object
from kernel.readable_text import is_readable, unreadable_path


class StrictJSONParser(JSONParser):
    """Parse JSON with duplicate keys recorded and floats marked as JSONFloat, which money refuses."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            text = stream.read().decode("utf-8")
            document = json.loads(
                text, object_pairs_hook=json_object, parse_float=JSONFloat, parse_constant=_refuse
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(f"Not JSON: {error}") from error
        if not is_readable(text) and (path := unreadable_path(document)) is not None:
            message = _("This text has a character that cannot be stored, or is nested too deep.")
            raise InvalidCase("unreadable", message, field=path)
        return document


class JSONFloat(float):
    """A JSON number with a decimal point; readers of money refuse it because it is not exact."""


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def known_only(request: Any, known: Collection[str]) -> None:
    """Raise ValidationError (400) for each unknown query parameter, and for each that is blank.

    A filter with a misspelt name or without a value would otherwise return all rows.
    """
    accepted = {*known, api_settings.URL_FORMAT_OVERRIDE}
    unknown = [name for name in request.query_params if name not in accepted]
    if unknown:
        message = _("There is no such parameter; there are: %(known)s.") % {"known": ", ".join(sorted(known))}
        raise ValidationError({name: [message] for name in unknown}, code="unknown_parameter")
    blank = [name for name, values in request.query_params.lists() if not all(map(str.strip, values))]
    if blank:
        message = _("A parameter that is sent has a value.")
        raise ValidationError({name: [message] for name in blank}, code="blank_parameter")


MAX_DIGITS = 4


class CursorPages(CursorPagination):
    """Cursor pagination that refuses unknown query parameters."""

    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        known_only(request, {*filters, self.cursor_query_param, self.page_size_query_param})
        try:
            return super().paginate_queryset(queryset, request, view)
        except DataError as error:
            raise ParseError(_("A parameter's value is out of range.")) from error

    def get_page_size(self, request: Any) -> int:
        """Return the number of rows of a page. Raise ValidationError (400) unless it is 1 to 500."""
        text = request.query_params.get(self.page_size_query_param)
        if text is None:
            return self.page_size or self.max_page_size
        if not (text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS):
            raise self._page_size_refused()
        if not 1 <= int(text) <= self.max_page_size:
            raise self._page_size_refused()
        return int(text)

    def _page_size_refused(self) -> ValidationError:
        message = _("A page has 1 to %(max)s rows.") % {"max": self.max_page_size}
        return ValidationError({self.page_size_query_param: [message]}, code="out_of_range")

    def decode_cursor(self, request: Any) -> Any:
        """Return the cursor, or None if the request has none; raise NotFound for an invalid one."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                UUID(str(cursor.position))
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor
