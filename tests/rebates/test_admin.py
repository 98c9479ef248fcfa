from datetime import date

import pytest

from jobs.models import Job
from rebates.models import Program, Settlement
from tenancy.context import tenant_active
from tests import factories as make
from tests.approving import approve_on_screen
from tests.people import a_member_of, signed_in

pytestmark = pytest.mark.django_db
LIST = "/admin/rebates/program/"


@pytest.fixture(autouse=True)
def _nobody_is_nudged(monkeypatch):
    monkeypatch.setattr("jobs.operations.jobs.nudge_job", lambda *ids: None)


@pytest.fixture
def membership(acme):
    return a_member_of(acme)


@pytest.fixture
def director(membership):
    return signed_in(membership)


def form(membership, **changed):
    return {
        "seller": str(membership.party_id),
        "code": "VOL",
        "name": "Volume",
        "method": "retroactive",
        "measure": "amount",
        "tiers": '[{"from": "0", "rate": "0.01"}]',
        "cap": "",
        "audience_kind": "everyone",
        "audience_value": "",
        "starts_on": "2020-01-01",
        "until": "2020-07-01",
        "settled_every": "3",
        "products-TOTAL_FORMS": 0,
        "products-INITIAL_FORMS": 0,
    } | changed


def errors(page):
    return page.context["adminform"].form.errors


def test_a_program_is_drafted_activated_and_its_due_periods_settled(director, membership, acme):
    assert director.post(f"{LIST}add/", form(membership)).status_code == 302
    with tenant_active(acme):
        program = Program.objects.get()
    assert program.state == "draft"
    finance = signed_in(a_member_of(acme, role="finance"))
    for action in ("activate", "settle_due"):
        director.post(LIST, {"action": action, "_selected_action": [str(program.id)]})
        approve_on_screen(finance, acme)
    director.post(LIST, {"action": "settle_due", "_selected_action": [str(program.id)]})
    with tenant_active(acme):
        assert Program.objects.get().state == "active"
        assert Settlement.objects.get().starts_on == date(2020, 1, 1)
        assert Job.objects.get().period == "VOL:2020-01-01"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"tiers": '[{"from": "0", "rate": 0.01}]'}, "tiers"),
        ({"tiers": "[]"}, "tiers"),
        ({"tiers": '[{"from": "5", "rate": "0.01"}, {"from": "1", "rate": "0.02"}]'}, "tiers"),
        ({"tiers": '[{"from": "0", "rate": "0.01", "bonus": "1"}]'}, "tiers"),
        ({"cap": "-1"}, "cap"),
        ({"audience_kind": "tag"}, "audience_value"),
        ({"audience_value": "core"}, "audience_value"),
        ({"until": "2019-12-31"}, "until"),
    ],
)
def test_a_program_that_makes_no_sense_is_refused_at_its_field(director, membership, changed, field):
    page = director.post(f"{LIST}add/", form(membership, **changed))
    assert page.status_code == 200
    assert field in errors(page) or "__all__" in errors(page)


def test_what_is_active_is_edited_no_more(director, acme):
    with tenant_active(acme):
        program = make.a_program(make.a_manufacturer(), [(0, "0.10")])
    answer = director.post(f"{LIST}{program.id}/change/", {"name": "other"})
    assert answer.status_code == 403


def test_a_sales_rep_starts_no_settlement(acme):
    with tenant_active(acme):
        program = make.a_program(make.a_manufacturer(), [(0, "0.10")], starts_on=date(2020, 1, 1))
    rep = signed_in(a_member_of(acme, role="sales_rep"))
    rep.post(LIST, {"action": "settle_due", "_selected_action": [str(program.id)]})
    with tenant_active(acme):
        assert not Settlement.objects.exists()


def test_the_pages_of_what_was_paid_open_read_only(director):
    for noun in ("rebates/settlement", "rebates/statement", "dealers/monthinput"):
        assert director.get(f"/admin/{noun}/").status_code == 200
        assert director.get(f"/admin/{noun}/add/").status_code == 403
