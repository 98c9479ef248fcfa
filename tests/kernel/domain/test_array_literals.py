from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from kernel.array_literals import array_literal, with_array_literals


def test_a_literal_quotes_each_element():
    assert array_literal([]) == "{}"
    assert array_literal([1, Decimal("2.50"), None, date(2026, 6, 1)]) == '{"1","2.50",NULL,"2026-06-01"}'
    assert array_literal(['a "b"', "c\\d", "NULL", ""]) == r'{"a \"b\"","c\\d","NULL",""}'


def test_lists_become_literals_and_other_parameters_stay():
    one = UUID(int=1)
    parameters = {"ids": [one], "tenant": one, "text": "{}"}
    assert with_array_literals(parameters) == {"ids": f'{{"{one}"}}', "tenant": one, "text": "{}"}


@pytest.mark.parametrize("texts", [["", "NULL"], ["a,b", "{}", " c "], ['"', "\\", "\\\\", "'", "\n\t"]])
def test_the_database_reads_the_same_texts(db, texts):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_literal(texts)])
        assert cursor.fetchone() == (texts,)
