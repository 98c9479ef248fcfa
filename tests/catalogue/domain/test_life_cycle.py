import pytest

from catalogue.domain.life_cycle import NEXT_STAGES, Purchase, may_move, needs_reason, refusal_reason


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ("development", "trial", True),
        ("trial", "active", True),
        ("active", "ending", True),
        ("ending", "ended", True),
        ("active", "trial", False),
        ("ended", "ending", False),
    ],
)
def test_a_product_moves_along_its_life_cycle(old, new, allowed):
    assert may_move(old, new) is allowed


def test_every_stage_leads_somewhere_and_never_to_itself():
    assert all(stages and stage not in stages for stage, stages in NEXT_STAGES.items())


def test_ending_a_product_needs_a_reason_and_launching_it_does_not():
    assert needs_reason("active", "ending")
    assert not needs_reason("trial", "active")


@pytest.mark.parametrize(
    ("purchase", "reason"),
    [
        (Purchase("active"), ""),
        (Purchase("active", is_listed=False), "not_listed"),
        (Purchase("development", is_on_trial=True), "development"),
        (Purchase("ended"), "ended"),
        (Purchase("trial"), "not_on_trial"),
        (Purchase("trial", is_on_trial=True, is_listed=False), ""),
        (Purchase("ending"), ""),
        (Purchase("ending", from_manufacturer=True), ""),
        (Purchase("ending", from_manufacturer=True, has_stock_figures=False), "phased_out"),
        (Purchase("ending", is_listed=False), "not_listed"),
    ],
)
def test_what_each_stage_allows(purchase, reason):
    assert refusal_reason(purchase) == reason
