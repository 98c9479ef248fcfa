from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from jobs.models import OutboxDue
from jobs.operations import outbox
from jobs.operations.outbox import announce, sweep
from jobs.tasks import deliver_messages
from tenancy.context import tenant_active
from tenancy.models import new_id

NOW = datetime.now(UTC)
DAY = timedelta(days=1)


@pytest.fixture
def sent(monkeypatch):
    found: list[str] = []
    monkeypatch.setattr(outbox, "nudge_soon", lambda *ids: None)
    monkeypatch.setattr(outbox, "nudge_messages", lambda messages: found.extend(t for t, _ in messages))
    return found


def _announce(tenant, count):
    with tenant_active(tenant):
        for _ in range(count):
            announce("test.unheard", {}, at=NOW)


def test_a_tenant_with_many_messages_holds_up_no_other(acme, bolt, sent):
    _announce(acme, 5)
    _announce(bolt, 1)
    assert sweep(at=NOW + DAY, limit=2) == 3
    assert sorted(sent) == sorted([acme.id, acme.id, bolt.id])


def test_a_message_that_was_just_sent_rests_longer_each_time(acme, sent):
    _announce(acme, 1)
    rests = []
    at = NOW + DAY
    for _ in range(4):
        assert sweep(at=at) == 1
        with tenant_active(acme):
            due = OutboxDue.objects.get().due_at
        rests.append((due - at).total_seconds())
        assert sweep(at=due - timedelta(seconds=1)) == 0
        at = due
    assert rests == [40, 80, 160, 320]


def test_only_the_sweeper_sees_what_is_due_before_a_tenant_is_known(acme, sent):
    _announce(acme, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_outboxdue")
        assert cursor.fetchone() == (0,)
    assert outbox._tenants_with_overdue(NOW + DAY) == [acme.id]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_outboxdue")
        assert cursor.fetchone() == (0,)


def test_a_message_that_nobody_hears_is_done(acme):
    _announce(acme, 1)
    with tenant_active(acme):
        message_id = OutboxDue.objects.get().id
    assert outbox.deliver(tenant_id=acme.id, message_id=message_id, at=NOW)
    assert not outbox.deliver(tenant_id=acme.id, message_id=message_id, at=NOW)


def test_a_message_whose_nudge_was_lost_is_found_by_the_sweeper(acme, sent):
    _announce(acme, 3)
    with tenant_active(acme):
        waiting = set(OutboxDue.objects.values_list("id", flat=True))
    assert sweep(at=NOW + DAY) == 3
    assert deliver_messages(messages=[[str(acme.id), str(one)] for one in waiting]) == 3
    assert sweep(at=NOW + 2 * DAY) == 0


def test_one_message_that_fails_holds_up_no_other_of_its_nudge(acme, sent, monkeypatch):
    def fail(body, at):
        if body.get("fails"):
            raise ZeroDivisionError

    monkeypatch.setitem(outbox._handlers, "test.fails", [fail])
    with tenant_active(acme):
        bad = announce("test.fails", {"fails": True}, at=NOW)
        good = announce("test.fails", {}, at=NOW)
    with pytest.raises(ZeroDivisionError):
        deliver_messages(messages=[[str(acme.id), str(one)] for one in (bad, good)])
    with tenant_active(acme):
        assert list(OutboxDue.objects.values_list("id", flat=True)) == [bad]


def test_messages_of_a_closed_tenant_stay(acme, sent):
    _announce(acme, 1)
    with tenant_active(acme):
        message_id = OutboxDue.objects.get().id
    assert deliver_messages(messages=[(str(new_id()), str(message_id))]) == 0
    with tenant_active(acme):
        assert OutboxDue.objects.filter(id=message_id).exists()
