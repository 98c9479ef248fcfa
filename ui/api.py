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

from kernel.cases import json_object


class StrictJSONParser(JSONParser):
    """Parse JSON with duplicate keys recorded and floats marked as JSONFloat, which money refuses."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(
                stream.read().decode("utf-8"),
                object_pairs_hook=json_object,
                parse_float=JSONFloat,
                parse_constant=_refuse,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError(f"Not JSON: {error}") from error


class JSONFloat(float):
    """A JSON number with a decimal point; readers of money refuse it because it is not exact."""


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def known_only(request: Any, known: Collection[str]) -> None:
    """Raise ValidationError (400) for each unknown query parameter.

    A filter with a misspelt name would otherwise return all rows.
    """
    accepted = {*known, api_settings.URL_FORMAT_OVERRIDE}
    unknown = [name for name in request.query_params if name not in accepted]
    if unknown:
        message = _("There is no such parameter; there are: %(known)s.") % {"known": ", ".join(sorted(known))}
        raise ValidationError({name: [message] for name in unknown}, code="unknown_parameter")


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

    def decode_cursor(self, request: Any) -> Any:
        """Return the cursor, or None if the request has none; raise NotFound for an invalid one."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                UUID(str(cursor.position))
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor
