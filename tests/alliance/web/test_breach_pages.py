"""The pages of breaches, of the running month, of twelve months, and the report of service."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from alliance.models import Breach, Contract, GuaranteeTerm, ServiceFact
from alliance.operations.evidence import NewEvidence, record_evidence
from alliance.operations.measurement import measure_month
from kernel.periods import months_after
from tenancy.context import tenant_active
from tests.alliance.web.world import TODAY, alliance_world
from tests.factories import a_contract, a_party
from tests.people import a_membership, a_user

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
LAST_MONTH = months_after(TODAY.replace(day=1), -1)


@pytest.fixture
def world(acme):
    return alliance_world()


@pytest.fixture
def contract(world):
    with tenant_active(world.tenant):
        made = a_contract(
            world.dealer,
            world.member,
            code="C-0412",
            starts_on=TODAY - timedelta(days=200),
            until=TODAY + timedelta(days=200),
            state="draft",
            manufacturer=world.maker,
        )
        GuaranteeTerm.objects.create(contract=made, clause="6.1", metric="visits", target=4)
        Contract.objects.filter(id=made.id).update(state="active")
    return made


def broken(world, contract, owed="80.00", *, at=NOW):
    with tenant_active(world.tenant):
        facts = {"clause": "6.1", "note": "第三次拜访未到"}
        record_evidence([NewEvidence(contract.id, "service", "d:1", LAST_MONTH, False, Decimal(owed), facts)])
        measure_month(month=LAST_MONTH, at=at)
        return Breach.objects.get(contract=contract)


def test_a_dealer_replies_and_staff_decide(world, contract):
    breach = broken(world, contract)
    dealer, staff = world.client(world.dealer_owner), world.client(world.director)
    page = dealer.get(f"/breaches/{breach.id}")
    assert page.status_code == 200
    assert "第三次拜访未到" in page.content.decode()
    assert f"/breaches/{breach.id}/reply" in page.content.decode()
    early = staff.get(f"/breaches/{breach.id}").content.decode()
    assert f"/breaches/{breach.id}/decision" not in early
    refused = dealer.post(f"/breaches/{breach.id}/reply", {"answer": "contest", "reason": ""})
    assert refused.status_code == 409
    done = dealer.post(f"/breaches/{breach.id}/reply", {"answer": "contest", "reason": "道路封闭"})
    assert done.status_code == 302
    assert "道路封闭" in staff.get(f"/breaches/{breach.id}").content.decode()
    wrong = staff.post(
        f"/breaches/{breach.id}/decision", {"decision": "partly", "reason": "x", "amount": "x"}
    )
    assert wrong.status_code == 422
    values = {"decision": "partly", "amount": "90", "reason": "单据为证"}
    assert staff.post(f"/breaches/{breach.id}/decision", values).status_code == 409
    decided = staff.post(f"/breaches/{breach.id}/decision", values | {"amount": "30.00"})
    assert decided.status_code == 302
    with tenant_active(world.tenant):
        breach.refresh_from_db()
    assert (breach.state, breach.decided_amount) == ("decided", Decimal("30.00"))
    assert "单据为证" in world.client(world.member_owner).get(f"/breaches/{breach.id}").content.decode()


def test_the_member_reads_and_does_not_reply(world, contract):
    breach = broken(world, contract)
    member = world.client(world.member_owner)
    assert f"/breaches/{breach.id}/reply" not in member.get(f"/breaches/{breach.id}").content.decode()
    assert member.post(f"/breaches/{breach.id}/reply", {"answer": "accept"}).status_code == 409
    assert member.post(f"/breaches/{breach.id}/decision", {"decision": "upheld"}).status_code == 403


def test_a_stranger_finds_no_breach(world, contract):
    breach = broken(world, contract)
    with tenant_active(world.tenant):
        other = a_membership(a_party("dealer", parent=world.maker), user=a_user(first_name="x"))
    client = world.client(other)
    assert client.get(f"/breaches/{breach.id}").status_code == 404
    assert client.post(f"/breaches/{breach.id}/reply", {"answer": "accept"}).status_code == 404
    assert "C-0412" not in client.get("/breaches").content.decode()


@pytest.mark.parametrize("query", ["", "?state=open", "?kind=service", "?q=C-0412", "?month=bad"])
def test_breaches_are_listed(world, contract, query):
    broken(world, contract)
    page = world.client(world.director).get(f"/breaches{query}")
    if query == "?month=bad":
        assert page.status_code in (200, 422, 400)
        return
    assert "C-0412" in page.content.decode()


def test_the_list_is_filtered(world, contract):
    broken(world, contract)
    staff = world.client(world.director)
    assert "C-0412" not in staff.get("/breaches?state=booked").content.decode()
    assert "C-0412" in staff.get(f"/breaches?party={world.member.id}").content.decode()
    assert "C-0412" in staff.get(f"/breaches?month={LAST_MONTH:%Y-%m}").content.decode()


@pytest.mark.parametrize("by", ["member", "dealer", "region", "month", "nothing"])
def test_twelve_months_are_grouped(world, contract, by):
    broken(world, contract)
    for membership in (world.director, world.dealer_owner, world.member_owner):
        page = world.client(membership).get(f"/guarantees/scorecard?by={by}&page=1")
        assert page.status_code == 200
        assert "80.00" in page.content.decode()
    assert world.client(world.director).get("/guarantees/scorecard?by=month&page=x").status_code == 200


def test_the_running_month_says_what_is_not_measured_yet(world, contract):
    broken(world, contract)
    for membership in (world.director, world.dealer_owner, world.member_owner):
        page = world.client(membership).get("/guarantees/this-month")
        assert page.status_code == 200
        assert "C-0412" in page.content.decode()


def test_staff_report_a_visit(world, contract):
    staff = world.client(world.director)
    path = f"/contracts/{contract.id}/service"
    assert staff.get(path).status_code == 200
    values = {"metric": "visits", "on": TODAY.isoformat(), "quantity": "2", "took": "", "note": "拜访记录"}
    assert staff.post(path, values | {"note": ""}).status_code == 422
    assert staff.post(path, values).status_code == 302
    assert "拜访记录" in staff.get(path).content.decode()
    with tenant_active(world.tenant):
        assert ServiceFact.objects.get().quantity == 2
    later = values | {"on": (TODAY + timedelta(days=3)).isoformat()}
    assert staff.post(path, later).status_code == 422
    assert world.client(world.dealer_owner).get(path).status_code == 403


def test_a_contract_without_such_guarantees_says_so(world):
    with tenant_active(world.tenant):
        plain = a_contract(world.dealer, world.member, manufacturer=world.maker)
    assert world.client(world.director).get(f"/contracts/{plain.id}/service").status_code == 200
