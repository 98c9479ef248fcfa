"""The score of a month is the weighted mean of what is measured."""

from decimal import Decimal

from alliance.domain.kpis import KpiResult, score_of


def kpi(metric, target, weight, actual):
    result = None if actual is None else Decimal(actual)
    return KpiResult(metric, Decimal(target), Decimal(weight), result)


def test_a_surplus_does_not_make_up_for_another_kpi():
    found = score_of([kpi("purchases", 100, "0.4", 500), kpi("outlets", 20, "0.6", 10)])
    assert found.score == Decimal("70.0")
    assert found.purchases_weight == Decimal("0.4")
    assert found.measured_weight == 1


def test_what_is_not_measured_is_left_out_of_the_mean():
    found = score_of([kpi("purchases", 100, "0.4", 50), kpi("visits", 8, "0.6", None)])
    assert (found.score, found.measured_weight) == (Decimal("50.0"), Decimal("0.4"))


def test_without_a_measured_kpi_there_is_no_score():
    assert score_of([kpi("visits", 8, "1", None)]).score is None
    nothing = score_of([])
    assert (nothing.score, nothing.measured_weight, nothing.purchases_weight) == (None, 0, 0)


def test_a_target_of_zero_is_reached_and_returns_do_not_count_below_zero():
    assert kpi("training", 0, "1", 0).reached == 1
    assert kpi("purchases", 100, "1", -5).reached == 0
