"""What orders use of budgets and give back."""

from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from pricing.domain.scheme_use import LineLeft, Use, UsePart, use_left, use_of

PARTS = (UsePart(1, 10, D("3.33")), UsePart(2, 5, D("1.67")))


def test_what_is_cancelled_or_returned_gives_its_part_back_rounded_for_the_budget():
    use = Use(15, D("5.00"), PARTS)
    all_left = {1: LineLeft(10, 0, 10, 0), 2: LineLeft(5, 0, 5, 0)}
    assert use_left(use, all_left) == (15, D("5.00"))
    assert use_left(use, all_left | {1: LineLeft(10, 0, 3, 0)}) == (8, D("2.67"))
    assert use_left(use, {1: LineLeft(10, 0, 0, 0), 2: LineLeft(5, 0, 0, 0)}) == (0, D("0.00"))


def test_free_units_follow_the_free_units_and_sets_the_paid_ones():
    free = Use(2, D("20.00"), (UsePart(1, 2, D("20.00"), free=True),))
    assert use_left(free, {1: LineLeft(16, 2, 16, 1)}) == (1, D("10.00"))
    sets = Use(3, D("9.00"), (UsePart(1, 6, D("6.00")), UsePart(2, 3, D("3.00"))))
    assert use_left(sets, {1: LineLeft(6, 0, 6, 0), 2: LineLeft(3, 0, 1, 0)}) == (3, D("7.00"))


def test_a_use_without_parts_uses_nothing():
    assert use_left(Use(0, D("0.00"), ()), {}) == (0, D("0.00"))
    assert use_of(0, D(0), ()) == Use(0, D("0.00"), ())


def test_a_line_without_units_of_the_kind_uses_nothing():
    assert use_left(Use(1, D("1.00"), (UsePart(1, 1, D("1.00"), free=True),)), {1: LineLeft(1, 0, 1, 0)}) == (
        0,
        D("0.00"),
    )


def test_money_is_shared_over_parts_and_sums():
    use = use_of(3, D("0.05"), [UsePart(1, 1, D(0), free=True), UsePart(2, 2, D(0), free=True)])
    assert (use.money, [part.money for part in use.parts]) == (D("0.05"), [D("0.03"), D("0.02")])


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 9999)), min_size=1, max_size=5),
    st.data(),
)
def test_more_given_back_never_uses_more_and_all_given_back_uses_nothing(rows, data):
    parts = [UsePart(i, qty, D(cents) / 100) for i, (qty, cents) in enumerate(rows)]
    use = use_of(sum(qty for qty, _cents in rows), sum((part.money for part in parts), D(0)), parts)
    left = [data.draw(st.integers(0, qty)) for qty, _cents in rows]
    less = [data.draw(st.integers(0, one)) for one in left]

    def used(kept):
        return use_left(use, {i: LineLeft(rows[i][0], 0, units, 0) for i, units in enumerate(kept)})

    assert used([qty for qty, _cents in rows]) == (use.units, use.money)
    assert used([0] * len(rows)) == (0, D("0.00"))
    assert all(fewer <= more for fewer, more in zip(used(less), used(left), strict=True))
