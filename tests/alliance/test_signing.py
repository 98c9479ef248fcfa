import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.rights import the_system
from alliance.models import Contract, ContractArea, Signature, SpreadTerm
from alliance.operations import signing
from alliance.operations.drafting import (
    NewArea,
    NewSpread,
    draft_contract,
    edit_contract,
    hold_areas,
    set_areas,
    set_spreads,
)  # fmt: skip
from alliance.operations.signing import (
    RegionTaken,
    digest_of,
    end_contract,
    reopen_contract,
    sign_contract,
    submit_contract,
)  # fmt: skip
from catalogue.models import Category, Product
from tenancy.context import tenant_active
from tenancy.models import Tenant, new_id
from tests.factories import a_category, a_manufacturer, a_party, a_product, an_actor
from tests.refusing import refused

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
HUIZHOU, HUICHENG, GUANGZHOU = "4413", "441302", "4401"


class World:
    """A manufacturer, a dealer and as many members as a test wants, with their people."""

    def __init__(self):
        self.maker = a_manufacturer()
        self.dealer = a_party("dealer", parent=self.maker)
        self.director = an_actor(self.maker)
        a_category("soy")
        a_category("oyster")

    def member(self):
        return a_party("member", parent=self.dealer, region_id=HUICHENG)

    def draft(self, *areas, member=None, code="C-1", spreads=(), **values):
        contract = Contract(**{
            "code": code, "manufacturer": self.maker, "dealer": self.dealer,
            "member": member or self.member(), "starts_on": date(2026, 1, 1), "until": date(2027, 1, 1),
            "delivery_hours": 24, "late_fee": Decimal("50.00"),
        } | values)  # fmt: skip
        return draft_contract(
            contract=contract, areas=[NewArea(*area) for area in areas], spreads=spreads,
            by=self.director, at=NOW,
        )  # fmt: skip

    def submit(self, *areas, **values):
        return submit_contract(contract_id=self.draft(*areas, **values).id, by=self.director, at=NOW)

    def sign(self, contract, *parties):
        for party in parties or (contract.manufacturer, contract.dealer, contract.member):
            done = sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(party), at=NOW)
        return done

    def active(self, *areas, **values):
        return self.sign(self.submit(*areas, **values))


@pytest.fixture
def world(in_acme):
    return World()


@pytest.mark.django_db
def test_three_signatures_over_one_text_make_it_active(world):
    contract = world.submit(("soy", HUIZHOU))
    assert world.sign(contract, contract.member).state == "submitted"
    assert world.sign(contract, contract.dealer).state == "submitted"
    assert not ContractArea.objects.filter(holds=True).exists()
    done = world.sign(contract, contract.manufacturer)
    assert (done.state, done.activated_at) == ("active", NOW)
    assert list(contract.areas.values_list("holds", flat=True)) == [True]
    assert Signature.objects.filter(contract=contract, digest=contract.digest).count() == 3


@pytest.mark.django_db
def test_the_text_says_everything_that_is_promised_and_its_hash_can_be_repeated(world):
    a_product("SOY", name="生抽")
    spread = NewSpread("SOY", "4.1", Decimal("8"), Decimal("60"))
    contract = world.submit(("soy", HUIZHOU), spreads=[spread])
    contract.refresh_from_db()
    assert contract.digest == digest_of(contract.text)
    assert contract.text["term"] == {"from": "2026-01-01", "until": "2027-01-01"}
    assert contract.text["areas"][0]["region_name"].endswith("惠州市")
    assert contract.text["service"] == {"delivery_hours": 24, "late_fee": "50.00"}
    assert contract.text["spreads"][0]["guaranteed"] == "8.0000"
    assert contract.text["parties"]["member"]["code"] == contract.member.code


@pytest.mark.django_db
def test_signing_twice_changes_nothing(world):
    contract = world.submit(("soy", HUIZHOU))
    world.sign(contract, contract.member, contract.member)
    assert Signature.objects.count() == 1


@pytest.mark.django_db
def test_an_old_hash_is_not_signed(world):
    contract = world.submit(("soy", HUIZHOU))
    world.sign(contract, contract.member)
    old = contract.digest
    draft = reopen_contract(contract_id=contract.id, by=world.director, at=NOW)
    draft.late_fee = Decimal("60")
    edit_contract(contract=draft, by=world.director, at=NOW)
    again = submit_contract(contract_id=contract.id, by=world.director, at=NOW)
    assert again.digest != old
    with refused("old_digest", "digest"):
        sign_contract(contract_id=contract.id, digest=old, by=an_actor(contract.dealer), at=NOW)
    assert world.sign(again, contract.dealer, contract.manufacturer).state == "submitted"
    assert world.sign(again, contract.member).state == "active"


@pytest.mark.django_db
def test_only_the_three_parties_sign_and_only_who_may(world):
    contract = world.submit(("soy", HUIZHOU))
    stranger = a_party("dealer")
    with refused("not_found", "contract"):
        sign_contract(contract_id=contract.id, digest=contract.digest, by=an_actor(stranger), at=NOW)
    with refused("not_allowed"):
        sign_contract(contract_id=contract.id, digest=contract.digest, by=the_system(), at=NOW)
    for party, role in (
        (contract.dealer, "purchaser"),
        (contract.member, "sales_rep"),
        (world.maker, "finance"),
    ):
        with refused("not_allowed"):
            by = an_actor(party, role)
            sign_contract(contract_id=contract.id, digest=contract.digest, by=by, at=NOW)


@pytest.mark.django_db
def test_a_draft_and_an_active_contract_are_not_signed(world):
    draft = world.draft(("soy", HUIZHOU))
    with refused("wrong_state"):
        world.sign(draft, draft.member)
    active = world.active(("soy", GUANGZHOU), code="C-2")
    with refused("wrong_state"):
        world.sign(active, active.member)


@pytest.mark.django_db
@pytest.mark.parametrize("region", [HUIZHOU, HUICHENG, "44"])
def test_a_region_belongs_to_one_member_for_a_category_and_term(world, region):
    first = world.active(("soy", HUIZHOU), code="C-1")
    second = world.submit(("soy", region), code="C-2")
    world.sign(second, second.member, second.dealer)
    with pytest.raises(RegionTaken) as taken, transaction.atomic():
        world.sign(second, second.manufacturer)
    assert taken.value.code == "region_taken"
    assert taken.value.details["contract"] == first.code
    assert taken.value.details["member"] == first.member.name
    second.refresh_from_db()
    assert (second.state, second.signatures.count()) == ("submitted", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("area", "values"),
    [
        (("oyster", HUIZHOU), {}),
        (("soy", GUANGZHOU), {}),
        (("soy", HUIZHOU), {"starts_on": date(2027, 1, 1), "until": date(2028, 1, 1)}),
    ],
)
def test_another_category_region_or_term_is_free(world, area, values):
    world.active(("soy", HUIZHOU), code="C-1")
    assert world.active(area, code="C-2", **values).state == "active"


@pytest.mark.django_db
def test_an_ended_contract_frees_its_region(world):
    first = world.active(("soy", HUIZHOU), code="C-1")
    end_contract(contract_id=first.id, reason="both agreed", by=world.director, at=NOW)
    assert world.active(("soy", HUICHENG), code="C-2").state == "active"
    with refused("wrong_state"):
        end_contract(contract_id=first.id, reason="again", by=world.director, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["submitted", "active", "ended"])
def test_what_was_submitted_or_signed_is_never_edited(world, state):
    a_product("SOY")
    spread = NewSpread("SOY", "4.1", Decimal("8"), Decimal("60"))
    contract = world.submit(("soy", HUIZHOU), spreads=[spread])
    if state != "submitted":
        world.sign(contract)
    if state == "ended":
        end_contract(contract_id=contract.id, reason="x", by=world.director, at=NOW)
    for edit in (
        lambda: edit_contract(contract=contract, by=world.director, at=NOW),
        lambda: set_areas(contract_id=contract.id, areas=[], by=world.director, at=NOW),
        lambda: set_spreads(contract_id=contract.id, spreads=[], by=world.director, at=NOW),
        lambda: submit_contract(contract_id=contract.id, by=world.director, at=NOW),
    ):
        with refused("wrong_state"):
            edit()
    mine = Contract.objects.filter(id=contract.id)
    for change in (
        lambda: mine.update(text={}),
        lambda: mine.update(digest="0" * 64),
        lambda: mine.update(until=date(2030, 1, 1)),
        lambda: mine.update(late_fee=0),
        lambda: SpreadTerm.objects.update(guaranteed=1),
        lambda: SpreadTerm.objects.all().delete(),
        lambda: ContractArea.objects.update(region_id=GUANGZHOU),
        lambda: ContractArea.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_what_was_signed_does_not_go_back_and_does_not_go_away(world):
    contract = world.active(("soy", HUIZHOU))
    mine = Contract.objects.filter(id=contract.id)
    with refused("wrong_state"):
        reopen_contract(contract_id=contract.id, by=world.director, at=NOW)
    for change in (lambda: mine.update(state="draft"), lambda: mine._raw_delete("default")):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.django_db
def test_a_draft_may_change_and_its_regions_follow_its_term(world):
    contract = world.draft(("soy", HUIZHOU))
    contract.until = date(2026, 7, 1)
    edit_contract(contract=contract, by=world.director, at=NOW)
    assert ContractArea.objects.get().term.upper == date(2026, 7, 1)
    assert set_areas(
        contract_id=contract.id, areas=[NewArea("soy", GUANGZHOU), NewArea("oyster", "44")],
        by=world.director, at=NOW,
    ) == 2  # fmt: skip
    area = ContractArea.objects.get(region_id=GUANGZHOU)
    assert (area.area.lower, area.area.upper) == (440100000000, 440200000000)


@pytest.mark.django_db
def test_a_contract_that_guarantees_nothing_is_not_submitted(world):
    draft = world.draft(delivery_hours=None)
    with refused("promises_nothing"):
        submit_contract(contract_id=draft.id, by=world.director, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("areas", "values", "field"),
    [
        ([("soy", "99")], {}, "areas[0].region"),
        ([("soy", HUIZHOU), ("tea", HUIZHOU)], {}, "areas[1].category"),
        ([("soy", HUIZHOU), ("soy", HUIZHOU)], {}, "areas[1].region"),
        ([], {"until": date(2026, 1, 1)}, "until"),
        ([], {"late_fee": Decimal(-1)}, "late_fee"),
        ([], {"spreads": [NewSpread("NOPE", "4.1", Decimal(1), Decimal(1))]}, "spreads[0].sku"),
        ([], {"spreads": [NewSpread("SOY", "", Decimal(1), Decimal(1))]}, "spreads[0].clause"),
        ([], {"spreads": [NewSpread("SOY", "4", Decimal(-1), Decimal(1))]}, "spreads[0].guaranteed"),
        (
            [],
            {"spreads": [NewSpread("SOY", "4", Decimal(1), Decimal("0.00001"))]},
            "spreads[0].advised_resale",
        ),
        ([], {"spreads": [NewSpread("SOY", "4", Decimal(1), Decimal(1))] * 2}, "spreads[1].sku"),
    ],
)
def test_a_senseless_contract_is_refused_with_its_field(world, areas, values, field):
    a_product("SOY")
    with refused("bad_contract", field):
        world.draft(*areas, **values)


@pytest.mark.django_db
def test_the_parties_must_be_of_their_kinds(world):
    with refused("bad_contract", "dealer"):
        world.draft(dealer=world.maker)
    with refused("bad_contract", "member"):
        world.draft(member=world.dealer)


@pytest.mark.django_db
def test_a_code_is_taken_once(world):
    world.draft(("soy", HUIZHOU))
    with refused("conflict", "code"):
        world.draft(("soy", GUANGZHOU))


@pytest.mark.django_db
def test_who_sees_which_contracts(world):
    mine, other = world.draft(code="C-1"), world.draft(code="C-2")

    def seen(actor):
        return sorted(Contract.objects.visible_to(actor).values_list("code", flat=True))

    assert seen(world.director) == seen(an_actor(world.dealer)) == ["C-1", "C-2"]
    assert seen(an_actor(mine.member)) == ["C-1"]
    assert seen(an_actor(other.member)) == ["C-2"]
    assert seen(an_actor(a_party("dealer"))) == []
    assert seen(an_actor(world.dealer, "purchaser")) == []
    assert seen(an_actor(world.maker, "region_manager")) == []


@pytest.mark.django_db
def test_a_region_manager_without_the_territory_makes_no_contract_there(world):
    manager = an_actor(world.maker, "region_manager")
    draft = world.draft(("soy", HUIZHOU))
    with refused("not_found", "contract"):
        submit_contract(contract_id=draft.id, by=manager, at=NOW)
    with refused("not_allowed"):
        submit_contract(contract_id=draft.id, by=an_actor(world.dealer), at=NOW)
    with refused("not_found", "contract"):
        submit_contract(contract_id=new_id(), by=world.director, at=NOW)


@pytest.mark.django_db
def test_statements_do_not_grow_with_regions_and_spreads(world):
    Product.objects.bulk_create(Product(sku=f"S{n}", name="x") for n in range(300))
    Category.objects.bulk_create(Category(code=f"k{n}", name=f"k{n}") for n in range(300))
    asked = []
    for size in (5, 300):
        spreads = [NewSpread(f"S{n}", "4", Decimal(1), Decimal(2)) for n in range(size)]
        region = HUIZHOU if size == 5 else GUANGZHOU
        with CaptureQueriesContext(connection) as statements:
            world.active(*((f"k{n}", region) for n in range(size)), code=f"C{size}", spreads=spreads)
        asked.append(len(statements))
    assert asked[0] == asked[1]


@pytest.mark.django_db
@pytest.mark.parametrize(("deadlocks", "outcome"), [(1, "active"), (4, "active"), (5, "40P01")])
def test_a_deadlock_is_tried_again_a_few_times(world, monkeypatch, deadlocks, outcome):
    left = iter(range(deadlocks))

    def hold(contract_id, holds):
        if next(left, None) is not None:
            with connection.cursor() as cursor:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '40P01'; END $$")
        hold_areas(contract_id, holds)

    monkeypatch.setattr(signing, "hold_areas", hold)
    contract = world.submit(("soy", HUIZHOU))
    if outcome == "active":
        assert world.sign(contract).state == "active"
    else:
        with pytest.raises(OperationalError, match="planted"), transaction.atomic():
            world.sign(contract)


def _sign_last(tenant_id, contract_id, digest, by, results, gate):
    try:
        gate.wait(timeout=20)
        with tenant_active(tenant_id):
            sign_contract(contract_id=contract_id, digest=digest, by=by, at=NOW)
        results.append("active")
    except Exception as error:
        results.append(getattr(error, "code", None) or repr(error))
    finally:
        connections.close_all()


@pytest.mark.slow
def test_two_third_signatures_at_once_leave_one_holder_and_show_no_deadlock(committed):
    """Both want the same regions; whatever the order in which they meet, one is told who has them."""
    tenant = Tenant.objects.get(slug="acme")
    codes = [f"k{n}" for n in range(12)]
    with tenant_active(tenant):
        world = World()
        Category.objects.bulk_create(Category(code=code, name=code) for code in codes)
    for turn in range(6):
        with tenant_active(tenant):
            pair = []
            for name, order in (("A", codes), ("B", codes[::-1])):
                contract = world.submit(*((code, HUIZHOU) for code in order), code=f"{name}{turn}")
                world.sign(contract, contract.member, contract.dealer)
                pair.append(contract)
        results: list[str] = []
        gate = threading.Barrier(2)
        threads = [
            threading.Thread(
                target=_sign_last,
                args=(tenant.id, one.id, one.digest, an_actor(world.maker), results, gate),
            )
            for one in pair
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["active", "region_taken"]
        with tenant_active(tenant):
            winner = Contract.objects.get(state="active")
            assert ContractArea.objects.filter(holds=True).count() == len(codes)
            end_contract(contract_id=winner.id, reason="next turn", by=world.director, at=NOW)
