"""The measurement of a month on demand: a job in steps, which changes nothing the second time."""

from datetime import UTC, date, datetime

import pytest

from accounts.rights import NotAllowed, the_system
from alliance.models import Breach, Evidence, GuaranteeMonth
from alliance.operations.measurement_requests import request_measurement
from audit.models import AuditEntry
from dealers.models import Party
from jobs.models import Job
from ordering.operations.event_handlers import record_return_evidence
from ordering.operations.measuring import STEPS, measure_step
from ordering.operations.returns import take_back
from tests.factories import an_actor
from tests.ordering.operations.test_region_deliveries import AT, shipment
from tests.refusing import refused

__all__ = ["shipment"]
pytestmark = pytest.mark.django_db
MARCH, APRIL_2 = date(2026, 3, 1), datetime(2026, 4, 2, 4, tzinfo=UTC)


def run(job):
    results: dict[str, str] = {}
    for number in range(len(STEPS)):
        step = measure_step(job)
        assert (step.done, step.total) == (number + 1, len(STEPS))
        results |= step.result
        job.cursor = step.cursor or {}
    return results


def state():
    months = list(GuaranteeMonth.objects.order_by("kind").values_list("kind", "measured", "broken", "owed"))
    return months, Evidence.objects.count(), list(Breach.objects.values_list("amount", "booked"))


def test_a_month_is_measured_from_its_deliveries_and_nothing_is_booked(shipment):
    director = an_actor(Party.objects.get(kind="manufacturer"))
    job = request_measurement(month=MARCH, by=director, at=APRIL_2)
    assert request_measurement(month=MARCH, by=director, at=APRIL_2).id == job.id
    assert run(job) == {"deliveries": "1", "terms": "0", "quiet": "0", "measured": "1"}
    before = state()
    assert before == ([("region", 1, 1, 100)], 1, [(100, 0)])
    Job.objects.filter(id=job.id).update(state="done")
    again = request_measurement(month=MARCH, by=director, at=APRIL_2)
    assert again.id != job.id
    run(again)
    assert state() == before
    assert AuditEntry.objects.filter(action="contract.measure").count() == 2


def test_a_running_month_and_other_people_are_refused(shipment):
    director = an_actor(Party.objects.get(kind="manufacturer"))
    with refused("not_due", field="month"):
        request_measurement(month=date(2026, 4, 1), by=director, at=APRIL_2)
    for role in ("finance", "sales_rep"):
        with pytest.raises(NotAllowed):
            actor = an_actor(Party.objects.get(kind="manufacturer"), role)
            request_measurement(month=MARCH, by=actor, at=APRIL_2)


def test_a_return_of_the_delivery_takes_its_event_back(shipment):
    back = take_back(order_id=shipment.order_id, lines=[(1, 12)], by=the_system(), at=AT)
    for _turn in range(2):
        record_return_evidence({"return_id": str(back.id)}, APRIL_2)
    owed = list(Evidence.objects.filter(kind="region").order_by("id").values_list("owed", flat=True))
    assert owed == [100, -100]
