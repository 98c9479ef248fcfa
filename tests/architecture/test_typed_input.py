"""Numbers and days that people type have one reader: `kernel.typed_input`."""

import re
from collections import Counter

import pytest
from rest_framework import serializers

from tests.architecture.typed_input import ALLOWED, ROOT, conversions, fields_of, request_serializers

INPUT = re.compile(r"""type=["']?number\b|NumberInput""")
OWN_READERS = (
    serializers.IntegerField,
    serializers.DecimalField,
    serializers.FloatField,
    serializers.DateField,
)
SCRIPT_PARSER = re.compile(r"\bparse(?:Int|Float)\(")


@pytest.fixture(scope="module")
def found():
    return list(conversions())


def test_there_are_conversions_to_look_at(found):
    assert len(found) > 40


def test_no_code_reads_numbers_or_days_beside_the_one_reader(found):
    allowed = {place for places in ALLOWED.values() for place in places}
    assert [(place, source) for place, source, _request in found if place not in allowed] == []


def test_nothing_of_a_request_is_converted_even_where_it_is_allowed(found):
    assert [(place, source) for place, source, reads_request in found if reads_request] == []


def test_no_exception_stands_that_is_none(found):
    used = {place for place, _source, _request in found}
    listed = Counter(place for places in ALLOWED.values() for place in places)
    assert {place for place in listed if place not in used} == set()
    assert {place for place, count in listed.items() if count > 1} == set()


def test_no_field_of_a_page_lets_the_browser_read_numbers():
    """A number field of a browser takes 1e3 and sends nothing for what it cannot read."""
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "js").glob("*.js")]
    pages += ROOT.glob("*/web/**/*.py")
    assert [path.name for path in pages if INPUT.search(path.read_text("utf-8"))] == []


def test_no_script_reads_the_beginning_of_what_is_typed():
    scripts = (ROOT / "static" / "js").glob("*.js")
    assert [path.name for path in scripts if SCRIPT_PARSER.search(path.read_text("utf-8"))] == []


def test_the_bodies_of_the_api_are_read_by_the_one_reader_too():
    found = list(request_serializers())
    assert len(found) >= 5
    fields = [one for serializer in found for one in fields_of(serializer)]
    assert [name for name, field in fields if type(field) in OWN_READERS] == []
