"""What every room's API shares: strict JSON, cursor pages."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from rest_framework.exceptions import NotFound, ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """JSON whose floats stay text's exact value: parse_float answers a marker that money refuses."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            return json.loads(stream.read().decode("utf-8"), parse_float=JSONFloat, parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise ParseError(f"Not JSON: {error}") from error


class JSONFloat(float):
    """A number written with a point in JSON; readers of money refuse it, for it is inexact."""


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


class CursorPages(CursorPagination):
    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"

    def decode_cursor(self, request: Any) -> Any:
        """None without one; a cursor that is none of ours is 404, as DRF has it, and never a 500."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                UUID(str(cursor.position))
            except ValueError:
                raise NotFound(self.invalid_cursor_message) from None
        return cursor
