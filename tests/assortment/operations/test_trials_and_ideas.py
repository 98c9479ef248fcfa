from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from accounts.models import Message
from accounts.rights import NotAllowed
from assortment.models import Idea, Trial, TrialParty
from assortment.notifications.handlers import idea_answered, trial_decided, trial_extended, trial_opened
from assortment.operations.ideas import (
    BadIdea,
    IdeaAnswered,
    IdeaExists,
    decline_idea,
    submit_idea,
    take_up_idea,
    vote_for,
)
from assortment.operations.trials import (
    BadTrial,
    NoSuchTrial,
    TrialDecided,
    answer_trial,
    decide_trial,
    extend_trial,
    open_trial,
)
from catalogue.models import Product
from tests.factories import a_manufacturer, a_party, a_product, an_actor
from tests.people import a_membership

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)
SCORES = {"quality": 5, "packaging": 4, "price": 3, "demand": 4}


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


@pytest.fixture
def dealer(director):
    party = a_party(code="D1")
    a_membership(party)
    return an_actor(party, "owner")


def _opened(director, **values) -> Trial:
    if not Product.objects.filter(sku="N1").exists():
        a_product("N1", stage="development")
    given = {
        "sku": "N1",
        "purpose": "Do restaurants reorder?",
        "starts_on": date(2026, 7, 1),
        "until": date(2026, 8, 1),
        "parties": {"D1": 24},
    }
    return open_trial(**given | values, by=director, at=AT)


def test_a_trial_moves_the_product_and_its_verdict_launches_it(director, dealer):
    trial = _opened(director)
    assert trial.product.stage == "development"  # as it was read
    assert Product.objects.get().stage == "trial"
    answer_trial(trial_id=trial.id, scores=SCORES, comment="好卖", by=dealer, at=AT)
    assert TrialParty.objects.get().average == 4
    extend_trial(trial_id=trial.id, until=date(2026, 9, 1), reason="slow start", by=director, at=AT)
    decided = decide_trial(trial_id=trial.id, verdict="launch", reason="it sells", by=director, at=AT)
    assert decided.verdict_by == director.label
    assert Product.objects.get().stage == "active"
    body = {"trial_id": str(trial.id)}
    trial_opened(body, AT)
    trial_extended(body | {"until": "2026-09-01", "reason": "slow start"}, AT)
    trial_decided(body, AT)
    trial_decided(body, AT)
    assert Message.objects.count() == 3


def test_dropping_ends_the_product_and_nothing_follows(director, dealer):
    trial = _opened(director)
    decide_trial(trial_id=trial.id, verdict="drop", reason="no demand", by=director, at=AT)
    assert Product.objects.get().stage == "ended"
    with pytest.raises(TrialDecided), transaction.atomic():
        answer_trial(trial_id=trial.id, scores=SCORES, comment="", by=dealer, at=AT)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sku": "none"}, "sku"),
        ({"purpose": " "}, "purpose"),
        ({"until": date(2026, 7, 1)}, "until"),
        ({"parties": {}}, "parties"),
        ({"parties": {"nobody": 1}}, "parties"),
        ({"parties": {"D1": -1}}, "parties"),
    ],
)
def test_a_wrong_trial_names_its_field(director, dealer, values, field):
    with pytest.raises(BadTrial) as refused, transaction.atomic():
        _opened(director, **values)
    assert refused.value.field == field
    assert not Trial.objects.exists()


def test_a_product_has_one_open_trial_and_a_sold_one_none(director, dealer):
    _opened(director)
    with pytest.raises(BadTrial), transaction.atomic():
        _opened(director)
    a_product("S1")
    with pytest.raises(BadTrial), transaction.atomic():
        _opened(director, sku="S1")


def test_only_a_named_party_answers_within_the_scale(director, dealer):
    trial = _opened(director)
    with pytest.raises(BadTrial), transaction.atomic():
        answer_trial(trial_id=trial.id, scores=SCORES | {"price": 6}, comment="", by=dealer, at=AT)
    other = an_actor(a_party(code="D2"), "owner")
    with pytest.raises(NoSuchTrial), transaction.atomic():
        answer_trial(trial_id=trial.id, scores=SCORES, comment="", by=other, at=AT)
    with pytest.raises(NotAllowed), transaction.atomic():
        answer_trial(trial_id=trial.id, scores=SCORES, comment="", by=director, at=AT)
    assert not Trial.objects.visible_to(other).exists()
    assert Trial.objects.visible_to(dealer).exists()


def test_an_idea_collects_one_vote_a_party_and_becomes_a_product(director, dealer):
    idea = submit_idea(title="小瓶生抽", text="外卖店要", by=dealer, at=AT)
    other = an_actor(a_party(code="D2"), "owner")
    assert vote_for(idea_id=idea.id, wanted=True, by=other, at=AT) == 2
    assert vote_for(idea_id=idea.id, wanted=True, by=other, at=AT) == 2
    assert vote_for(idea_id=idea.id, wanted=False, by=other, at=AT) == 1
    take_up_idea(idea_id=idea.id, sku="N9", name="小瓶生抽", answer="明年上市", by=director, at=AT)
    assert Product.objects.get().stage == "development"
    with pytest.raises(IdeaAnswered), transaction.atomic():
        vote_for(idea_id=idea.id, wanted=True, by=other, at=AT)
    idea_answered({"idea_id": str(idea.id)}, AT)
    assert Message.objects.count() == 1


def test_an_idea_is_declined_with_a_reason(director, dealer):
    idea = submit_idea(title="t", text="x", by=dealer, at=AT)
    with pytest.raises(BadIdea), transaction.atomic():
        decline_idea(idea_id=idea.id, answer=" ", by=director, at=AT)
    assert decline_idea(idea_id=idea.id, answer="no", by=director, at=AT).state == Idea.State.DECLINED


def test_the_same_title_twice_is_refused(dealer):
    submit_idea(title="t", text="x", by=dealer, at=AT)
    with pytest.raises(IdeaExists), transaction.atomic():
        submit_idea(title="t", text="y", by=dealer, at=AT)
    with pytest.raises(BadIdea), transaction.atomic():
        submit_idea(title="u", text="y", category_code="none", by=dealer, at=AT)
