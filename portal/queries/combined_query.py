"""Run several queries in one SQL statement, because each round trip to the database costs time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, Field, QuerySet, Value
from django.db.models.expressions import RawSQL

Row = tuple[Any, ...]
RowQuery = QuerySet[Any, Any]
VISIBLE_PARTIES = RawSQL("SELECT id FROM visible_parties", ())


@dataclass(frozen=True, slots=True)
class Raw:
    """A query in SQL without parameters, and the fields of its columns."""

    sql: str
    columns: Sequence[Field[Any, Any]]


def together(visible: RowQuery | None = None, /, **queries: RowQuery | Raw) -> dict[str, list[Row]]:
    """Return the rows of each query-set of `values_list()` by its name, in one SQL statement.

    It is for few rows each, because they are sent as JSON. A query-set that is `none()` has no rows.
    `visible` is looked up once and filters several queries: a query-set refers to its ids as
    VISIBLE_PARTIES, a Raw query to the table `visible_parties` with its columns.
    """
    found: dict[str, list[Row]] = {name: [] for name in queries}
    parts: list[str] = []
    params: list[Any] = []
    columns: dict[str, Sequence[Field[Any, Any]]] = {}
    before = ""
    if visible is not None:
        sql, given = visible.query.get_compiler(connection.alias).as_sql()
        before, params = f"WITH visible_parties AS MATERIALIZED ({sql}) ", [*given]
    for name, rows in queries.items():
        if isinstance(rows, Raw):
            columns[name] = rows.columns
            parts.append(_part(rows.sql, len(rows.columns)))
            continue
        compiler = rows.query.get_compiler(connection.alias)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            continue
        columns[name] = [column.output_field for column, _sql, _alias in compiler.select]
        parts.append(_part(sql, len(columns[name])))
        params += given
    if not parts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(f"{before}SELECT json_build_array({', '.join(parts)})::text", params)
        answers = json.loads(cursor.fetchone()[0], parse_float=Decimal)
    for (name, fields), answer in zip(columns.items(), answers, strict=True):
        found[name] = [
            tuple(_read(field, value) for field, value in zip(fields, row, strict=True))
            for row in answer or ()
        ]
    return found


def _part(sql: str, width: int) -> str:
    named = ", ".join(f"c{place}" for place in range(width))
    return f"(SELECT json_agg(json_build_array({named})) FROM ({sql}) AS query ({named}))"


def totals(rows: RowQuery, **figures: Any) -> RowQuery:
    """Query one row of these aggregates over all the rows."""
    return rows.order_by().values(all_rows=Value(1)).annotate(**figures).values_list(*figures)


def _read(field: Field[Any, Any], value: Any) -> Any:
    """Convert a JSON value to the field's type; a date field takes only the date of a timestamp."""
    if value is None:
        return None
    if isinstance(field, DateField) and not isinstance(field, DateTimeField):
        return date.fromisoformat(value[:10])
    return field.to_python(value)
