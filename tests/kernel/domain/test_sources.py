"""What differs between two documents of one outside number."""

import pytest

from kernel.sources import as_booked, differing_lines, differing_values, folded_code

FOUR = [("LZ-CE-25", {"qty": 4}), ("LZ-CE-35", {"qty": 1})]


def test_only_requested_fields_are_compared():
    assert differing_values({"note": "a", "kind": "standard"}, {"note": "a"}) == []
    assert differing_values({"note": "a"}, {"note": "b", "kind": None}) == [
        {"field": "note", "booked": "a", "requested": "b"}
    ]


def test_the_order_of_lines_does_not_count():
    assert differing_lines(FOUR, FOUR[::-1]) == []


@pytest.mark.parametrize(
    ("requested", "differs"),
    [
        ([("LZ-CE-25", {"qty": 400}), FOUR[1]], [("lines[0].qty", "LZ-CE-25", 4, 400)]),
        ([*FOUR, ("X", {"qty": 2})], [("lines[2]", "X", None, {"qty": 2})]),
        (FOUR[1:], [("lines", "LZ-CE-25", {"qty": 4}, None)]),
        ([*FOUR, FOUR[0]], [("lines[2]", "LZ-CE-25", None, {"qty": 4})]),
    ],
)
def test_each_difference_names_field_line_and_both_values(requested, differs):
    found = [tuple(one.values()) for one in differing_lines(FOUR, requested)]
    assert found == differs


def test_one_of_two_lines_of_a_product_is_the_equal_one():
    two = [("A", {"qty": 1, "price": "2.00"}), ("A", {"qty": 1, "price": "3.00"})]
    assert differing_lines(two, two[::-1]) == []


def test_another_spelling_is_the_same_code_unless_a_product_has_it():
    booked = {"LZ-CE-25", "qx-1"}
    for spelled in ("lz-ce-25", "ＬＺ-CE-25", "LZ–CE–25", "LZ-CE\u200b-25", " LZ-CE-25 "):
        assert as_booked(spelled, booked, known=()) == "LZ-CE-25"
    assert as_booked("QX-1", booked, known={"QX-1"}) == "QX-1"
    assert as_booked("Qx-1", {"qx-1", "QX-1"}, known=()) == "Qx-1"
    assert folded_code("Ａ－1") == "a-1"
