"""A temporary credit raises the limit for its days, for all orders together, and ends early."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.rights import Actor, NotAllowed
from jobs.models import OutboxMessage
from ledger.models import Book, TemporaryCredit
from ledger.operations.credit_lock import lock_for_credit
from ledger.operations.temporary_credit import (
    InvalidPeriod,
    NoSuchTemporaryCredit,
    ReasonMissing,
    announce_begun,
    end_temporary_credit,
    grant_temporary_credit,
)
from ledger.queries import position_of
from ledger.web.credit_bar import credit_bar
from tenancy.context import tenant_active
from tests.ordering.trade import AT, ME, a_trade

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def trade(acme):
    with tenant_active(acme):
        trade = a_trade()
        trade.place(("A", 1))
        Book.objects.update(credit_limit=Decimal("60.00"))
        yield trade


def granted(**changed):
    now = timezone.now()
    today = timezone.localdate(now)
    given = {"amount": Decimal(50), "starts_on": today, "until": today + 7 * DAY, "reason": "festival"}
    return grant_temporary_credit(**(given | changed), book_id=Book.objects.get().id, by=ME, at=now)


def announced():
    return OutboxMessage.objects.filter(topic="ledger.credit_changed").count()


def test_two_orders_share_what_a_temporary_credit_adds(trade):
    assert trade.place(("A", 20)).state == "held"
    granted(starts_on=min(AT.date(), timezone.localdate()))
    assert trade.place(("A", 20)).state == "placed"
    assert trade.place(("A", 2)).state == "held"


def test_a_lock_and_a_position_know_the_same(trade):
    made = granted()
    book, today = made.book_id, timezone.localdate()
    locked, shown = lock_for_credit(book).position, position_of(book)
    assert locked.temporary == shown.temporary
    assert shown.credit(today).limit == Decimal("110.00")
    assert shown.credit(today + 7 * DAY).limit == Decimal("60.00")
    assert shown.temporary_on(today + 7 * DAY) is None
    assert "50.00" in str(credit_bar([shown], today).note)


def test_it_ends_early_once(trade):
    made, now = granted(), timezone.now()
    end_temporary_credit(temporary_credit_id=made.id, by=ME, at=now)
    again = end_temporary_credit(temporary_credit_id=made.id, by=ME, at=now + DAY)
    assert again.ended_at == now
    assert position_of(made.book_id).temporary == ()
    with pytest.raises(NoSuchTemporaryCredit):
        end_temporary_credit(temporary_credit_id=made.book_id, by=ME, at=now)


def test_orders_on_hold_are_checked_when_it_begins(trade):
    before, now = announced(), timezone.now()
    today = timezone.localdate(now)
    made = granted(starts_on=today + DAY)
    assert announced() == before
    announce_begun(by=ME, at=now)
    assert announced() == before
    announce_begun(by=ME, at=now + DAY)
    announce_begun(by=ME, at=now + DAY)
    assert announced() == before + 1
    assert TemporaryCredit.objects.get(id=made.id).is_announced


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"until": timezone.localdate() - DAY, "starts_on": timezone.localdate() - 3 * DAY}, InvalidPeriod),
        ({"reason": " "}, ReasonMissing),
    ],
)
def test_what_makes_no_sense_is_refused(trade, changed, refusal):
    with pytest.raises(refusal):
        granted(**changed)


def test_only_the_seller_grants_and_ends(trade):
    made = granted()
    buyer = Actor(trade.buyer.id, trade.buyer.kind, "owner", label="buyer")
    with pytest.raises(NotAllowed):
        end_temporary_credit(temporary_credit_id=made.id, by=buyer, at=timezone.now())
