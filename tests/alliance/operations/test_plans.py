"""The channel plan: drafted, handed down, answered, handed on to members, and put in force."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.models import Message
from alliance.models import ChannelPlan, PlanActual, PlanObjective, PlanTarget
from alliance.notifications import plan_handlers
from alliance.operations.plans.drafting import (
    NewObjective,
    NewTarget,
    draft_plan,
    set_objectives,
    set_targets,
)
from alliance.operations.plans.months import PlanFigure, store_plan_months, targets_to_measure
from alliance.operations.plans.objectives import (
    activate_plan,
    agree_objective,
    counter_objective,
    hand_down_objective,
    hand_down_plan,
    revise_objective,
)
from alliance.queries.plans import (
    gaps_of,
    lagging_objectives,
    lagging_targets,
    months_begun,
    objectives_with_progress,
    targets_with_progress,
)
from catalogue.models import Portfolio
from tests.alliance.plan_world import a_plan, objective, target_of
from tests.alliance.world import NOW
from tests.factories import a_channel, a_party, an_actor
from tests.people import a_membership
from tests.refusing import refused

pytestmark = pytest.mark.django_db
D = Decimal


def test_a_plan_has_a_code_a_name_and_a_year(world):
    given = {"code": "P-1", "name": "Plan", "year": 2026, "by": world.director, "at": NOW}
    draft_plan(**given)
    with refused("conflict", "code"):
        draft_plan(**given)
    for field, value in (("code", " "), ("name", ""), ("year", 26)):
        with refused("bad_plan", field):
            draft_plan(**given | {field: value})
    with refused("not_allowed"):
        draft_plan(**given | {"by": an_actor(world.dealer)})


def test_targets_are_replaced_and_those_that_stay_keep_their_objectives(world):
    plan = a_plan(world.director)
    target = target_of(plan)
    wanted = [NewObjective(world.dealer.code, D(5))]
    set_objectives(target_id=target.id, objectives=wanted, by=world.director, at=NOW)
    rows = [NewTarget("44", "volume", D(2400)), NewTarget("4413", "volume", D(12), category="soy")]
    set_targets(plan_id=plan.id, targets=rows, by=world.director, at=NOW)
    target.refresh_from_db()
    assert (target.annual, sum(target.months), target.objectives.count()) == (2400, 2400, 1)
    assert PlanTarget.objects.filter(plan=plan).count() == 2


def test_a_target_that_cannot_be_is_refused_with_its_field(world):
    plan = a_plan(world.director)
    a_channel("horeca")
    Portfolio.objects.create(code="core", name="Core")
    good = {"region": "44", "metric": "volume", "annual": D(12)}
    for field, change in (
        ("region", {"region": "999999"}),
        ("metric", {"metric": "smiles"}),
        ("channel", {"channel": "none"}),
        ("category", {"category": "none"}),
        ("portfolio", {"portfolio": "none"}),
        ("portfolio", {"portfolio": "core"}),
        ("portfolio", {"metric": "portfolio"}),
        ("annual", {"annual": D(0)}),
        ("annual", {"annual": D("0.001")}),
        ("months", {"months": (D(1),) * 11}),
        ("months", {"months": (D(-1),) + (D(1),) * 11}),
    ):
        with refused("bad_plan", f"targets[0].{field}"):
            set_targets(plan_id=plan.id, targets=[NewTarget(**good | change)], by=world.director, at=NOW)
    twice = [NewTarget(**good), NewTarget(**good, channel="")]
    with refused("bad_plan", "targets[1].region"):
        set_targets(plan_id=plan.id, targets=twice, by=world.director, at=NOW)
    with refused("bad_plan", "targets"):
        set_targets(plan_id=plan.id, targets=[NewTarget(**good)] * 501, by=world.director, at=NOW)
    with refused("not_found", "plan"):
        set_targets(plan_id=uuid4(), targets=[], by=world.director, at=NOW)
    exact = NewTarget(**good, channel="horeca", category="soy", months=(D(1),) * 12)
    assert set_targets(plan_id=plan.id, targets=[exact], by=world.director, at=NOW) == 1


def test_objectives_name_dealers_once_with_an_amount(world):
    plan = a_plan(world.director)
    target = target_of(plan)
    code = world.dealer.code
    for field, rows in (
        ("objectives[0].party", [NewObjective("none", D(1))]),
        ("objectives[0].party", [NewObjective(world.member().code, D(1))]),
        ("objectives[1].party", [NewObjective(code, D(1)), NewObjective(code, D(2))]),
        ("objectives[0].amount", [NewObjective(code, D(-1))]),
    ):
        with refused("bad_plan", field):
            set_objectives(target_id=target.id, objectives=rows, by=world.director, at=NOW)
    with refused("not_found", "target"):
        set_objectives(target_id=uuid4(), objectives=[], by=world.director, at=NOW)


def test_a_plan_without_objectives_is_not_handed_down(world):
    plan = a_plan(world.director)
    with refused("bad_plan"):
        hand_down_plan(plan_id=plan.id, by=world.director, at=NOW)
    given = objective(plan, world.dealer, world.director)
    assert given.state == "open"
    with refused("wrong_state"):
        hand_down_plan(plan_id=plan.id, by=world.director, at=NOW)
    with refused("wrong_state"):
        set_targets(plan_id=plan.id, targets=[], by=world.director, at=NOW)


def test_a_dealer_sees_its_objective_only_after_it_is_handed_down(world):
    plan, by = a_plan(world.director), an_actor(world.dealer)
    wanted = [NewObjective(world.dealer.code, D(5))]
    set_objectives(target_id=target_of(plan).id, objectives=wanted, by=world.director, at=NOW)
    hidden = PlanObjective.objects.get()
    assert not PlanObjective.objects.visible_to(by).exists()
    with refused("not_found", "objective"):
        agree_objective(objective_id=hidden.id, by=by, at=NOW)
    hand_down_plan(plan_id=plan.id, by=world.director, at=NOW)
    assert PlanObjective.objects.visible_to(by).exists()
    assert ChannelPlan.objects.visible_to(by).exists()
    stranger = an_actor(a_party("dealer", parent=world.maker))
    assert not PlanObjective.objects.visible_to(stranger).exists()
    assert not ChannelPlan.objects.visible_to(stranger).exists()
    assert not PlanTarget.objects.visible_to(by).exists()
    assert PlanTarget.objects.visible_to(world.director).count() == 2


def test_a_dealer_agrees_once_to_the_amount_that_it_read(world):
    given, by = objective(a_plan(world.director), world.dealer, world.director), an_actor(world.dealer)
    with refused("wrong_state", "amount"):
        agree_objective(objective_id=given.id, amount=D(1), by=by, at=NOW)
    for _ in range(2):
        found = agree_objective(objective_id=given.id, amount=D(1200), by=by, at=NOW)
    assert (found.state, found.answered_by, found.answered_at) == ("agreed", by.label, NOW)
    with refused("wrong_state"):
        counter_objective(objective_id=given.id, amount=D(2), reason="r", by=by, at=NOW)
    with refused("wrong_state"):
        revise_objective(objective_id=given.id, amount=D(2), by=world.director, at=NOW)
    with refused("not_allowed"):
        agree_objective(objective_id=given.id, by=world.director, at=NOW)


def test_a_counter_proposal_has_a_reason_and_what_is_granted_counts_as_agreed(world):
    given, by = objective(a_plan(world.director), world.dealer, world.director), an_actor(world.dealer)
    ask = {"objective_id": given.id, "by": by, "at": NOW}
    for field, change in (
        ("reason", {"reason": " "}),
        ("amount", {"amount": D(-1)}),
        ("amount", {"amount": D(1200)}),
    ):
        with refused("bad_plan", field):
            counter_objective(**ask | {"amount": D(900), "reason": "two outlets closed"} | change)
    counter_objective(**ask, amount=D(900), reason="two outlets closed")
    revised = revise_objective(objective_id=given.id, amount=D(1000), by=world.director, at=NOW)
    assert (revised.state, revised.amount, revised.counter_amount) == ("open", 1000, None)
    counter_objective(**ask, amount=D(950), reason="still too much")
    assert revise_objective(objective_id=given.id, amount=D(950), by=world.director, at=NOW).state == "agreed"
    with refused("bad_plan", "amount"):
        revise_objective(objective_id=given.id, amount=D(-1), by=world.director, at=NOW)


def test_a_dealer_hands_down_to_its_members_who_answer(world):
    given, by = objective(a_plan(world.director), world.dealer, world.director), an_actor(world.dealer)
    first, second = world.member(), world.member()
    rows = [NewObjective(first.code, D(700)), NewObjective(second.code, D(300))]
    assert hand_down_objective(objective_id=given.id, objectives=rows, by=by, at=NOW) == 2
    assert hand_down_objective(objective_id=given.id, objectives=rows, by=by, at=NOW) == 0
    mine = PlanObjective.objects.get(party=first)
    agree_objective(objective_id=mine.id, by=an_actor(first), at=NOW)
    changed = [NewObjective(first.code, D(1)), NewObjective(second.code, D(400))]
    assert hand_down_objective(objective_id=given.id, objectives=changed, by=by, at=NOW) == 1
    assert PlanObjective.objects.get(party=first).amount == 700
    other = PlanObjective.objects.get(party=second)
    revise_objective(objective_id=other.id, amount=D(500), by=by, at=NOW)
    with refused("not_allowed"):
        revise_objective(objective_id=other.id, amount=D(1), by=world.director, at=NOW)
    with refused("not_allowed"):
        revise_objective(objective_id=given.id, amount=D(1), by=by, at=NOW)
    with refused("not_allowed"):
        hand_down_objective(objective_id=mine.id, objectives=[], by=an_actor(first), at=NOW)
    hand_down_objective(objective_id=given.id, objectives=[], by=by, at=NOW)
    assert list(PlanObjective.objects.filter(parent=given).values_list("party_id", flat=True)) == [first.id]
    assert not PlanObjective.objects.visible_to(an_actor(second)).exists()


def test_a_plan_is_in_force_once_agreed_and_its_gaps_are_explained(world):
    plan = a_plan(world.director)
    given = objective(plan, world.dealer, world.director, amount=1000)
    put = {"plan_id": plan.id, "by": world.director, "at": NOW}
    with refused("open_objectives"):
        activate_plan(**put)
    agree_objective(objective_id=given.id, by=an_actor(world.dealer), at=NOW)
    assert sorted(one.gap for one in gaps_of(plan.id)) == [10, 200]
    with refused("unexplained_gap", "gap_reason"):
        activate_plan(**put)
    assert activate_plan(**put, gap_reason="a dealer is still missing").state == "in_force"
    with refused("wrong_state"):
        activate_plan(**put)


def test_results_are_replaced_and_only_parties_with_an_objective_have_their_own(world):
    plan = a_plan(world.director)
    given = objective(plan, world.dealer, world.director)
    target = target_of(plan)
    assert {one.metric for one in targets_to_measure(2026)} == {"volume", "outlets"}
    assert targets_to_measure(2026, plan_id=uuid4()) == []
    months = [date(2026, 1, 1), date(2026, 2, 1)]
    figures = [
        PlanFigure(target.id, None, months[0], D(80)),
        PlanFigure(target.id, world.dealer.id, months[0], D(60)),
        PlanFigure(target.id, world.maker.id, months[0], D(20)),
    ]
    store = {"targets": [target.id], "months": months, "figures": figures, "at": NOW}
    assert store_plan_months(**store) == 2
    assert store_plan_months(**store) == 2
    assert PlanActual.objects.count() == 2
    today = date(2026, 3, 10)
    found = targets_with_progress([target], 2026, today)
    assert (found[0].progress.actual, found[0].progress.gap, found[0].handed.fits) == (80, 120, True)
    mine = objectives_with_progress([given], 2026, today)
    assert (mine[0].progress.actual, mine[0].progress.gap) == (60, 140)
    assert [one.row.id for one in lagging_targets(found)["volume"]] == [target.id]
    assert lagging_objectives(mine)[0].gap == 140


def test_a_year_has_begun_as_far_as_the_day(world):
    today = date(2026, 3, 10)
    assert [months_begun(year, today) for year in (2025, 2026, 2027)] == [12, 3, 0]


def test_partners_and_planners_are_notified_of_what_concerns_them(world):
    dealer, director = a_membership(world.dealer, "owner"), a_membership(world.maker, "director")
    plan = a_plan(world.director)
    given = objective(plan, world.dealer, world.director)
    plan_handlers.plan_handed_down({"plan_id": str(plan.id)}, NOW)
    body = {"objective_id": str(given.id)}
    plan_handlers.objective_answered(body, NOW)
    counter_objective(objective_id=given.id, amount=D(9), reason="r", by=an_actor(world.dealer), at=NOW)
    plan_handlers.objective_answered(body, NOW)
    plan_handlers.objective_changed(body | {"amount": "9"}, NOW)
    revise_objective(objective_id=given.id, amount=D(9), by=world.director, at=NOW)
    plan_handlers.objective_answered(body, NOW)
    plan_handlers.plan_in_force({"plan_id": str(plan.id)}, NOW)
    plan_handlers.objectives_handed_down({"objective_ids": [str(given.id)]}, NOW)
    gone = {"objective_id": str(uuid4())}
    plan_handlers.objective_answered(gone, NOW)
    plan_handlers.objective_changed(gone | {"amount": "1"}, NOW)
    plan_handlers.objectives_handed_down({"objective_ids": []}, NOW)
    topics = set(Message.objects.values_list("topic", "person_id"))
    assert {topic for topic, person in topics if person == dealer.user_id} == {
        "alliance.plan_handed_down",
        "alliance.objective_changed",
        "alliance.plan_in_force",
    }
    assert {topic for topic, person in topics if person == director.user_id} == {
        "alliance.objective_countered",
        "alliance.objective_agreed",
    }


def test_a_members_answer_goes_to_its_dealer(world):
    dealer = a_membership(world.dealer, "owner")
    given, by = objective(a_plan(world.director), world.dealer, world.director), an_actor(world.dealer)
    member = world.member()
    rows = [NewObjective(member.code, D(7))]
    hand_down_objective(objective_id=given.id, objectives=rows, by=by, at=NOW)
    mine = PlanObjective.objects.get(party=member)
    agree_objective(objective_id=mine.id, by=an_actor(member), at=NOW)
    plan_handlers.objective_answered({"objective_id": str(mine.id)}, NOW)
    assert Message.objects.get(topic="alliance.objective_agreed").person_id == dealer.user_id
