import threading
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from accounts.rights import NotAllowed
from alliance.domain.region_changes import GAINS, LOSES, REPLACED
from alliance.operations.drafting import NewArea, set_areas
from alliance.operations.remapping import remap_contract
from alliance.operations.signing import MemberTaken, reopen_contract, sign_contract, submit_contract
from alliance.operations.versions import draft_next_version
from alliance.queries.region_changes import concerned_contracts, concerned_parties
from dealers.models import Region, RegionChange
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.alliance.world import GUANGZHOU, HUICHENG, HUIZHOU, NOW, World
from tests.factories import a_channel, a_party, an_actor
from tests.refusing import refused

HUIYANG, TIANHE = "441303", "440106"
DAY = date(2026, 6, 1)


def effects(world):
    found = concerned_contracts(world.director, day=DAY)
    return {
        one.contract.code: [(area.remap.effect, area.remap.proposed) for area in one.areas] for one in found
    }


def areas_of(contract):
    return [
        (one.category.code, one.region_id, one.channel.code if one.channel else "")
        for one in contract.areas.select_related("category", "channel").order_by(
            "category__code", "region_id"
        )
    ]


@pytest.mark.django_db
def test_contracts_that_a_change_concerns_are_listed_and_stay_as_they_are(world, change_regions):
    world.active(("soy", HUICHENG), code="C-1")
    world.active(("oyster", GUANGZHOU), code="C-2")
    world.active(("oyster", HUIZHOU), code="C-3")
    assert effects(world) == {}
    change_regions((HUICHENG, TIANHE))
    assert effects(world) == {
        "C-1": [(REPLACED, (TIANHE,))],
        "C-2": [(GAINS, (GUANGZHOU,))],
        "C-3": [(LOSES, (TIANHE, HUIZHOU))],
    }


@pytest.mark.django_db
def test_a_future_change_is_not_listed_yet(world, change_regions):
    world.active(("soy", HUICHENG))
    change_regions((HUICHENG, HUIYANG), on="2026-08-01")
    assert effects(world) == {}


@pytest.mark.django_db
def test_the_amendment_has_the_new_regions_and_the_old_version_holds(world, change_regions):
    old = world.active(("soy", HUICHENG, a_channel("retail").code), ("oyster", GUANGZHOU))
    change_regions((HUICHENG, HUIYANG))
    made = remap_contract(contract_id=old.id, by=world.director, at=NOW)
    assert (made.version, made.state, made.starts_on) == (2, "draft", date(2026, 7, 1))
    assert areas_of(made) == [("oyster", GUANGZHOU, ""), ("soy", HUIYANG, "retail")]
    old.refresh_from_db()
    assert old.state == "active"
    assert areas_of(old)[1] == ("soy", HUICHENG, "retail")
    found = concerned_contracts(world.director, day=DAY)[0]
    assert found.amendment == made
    with refused("conflict"):
        remap_contract(contract_id=old.id, by=world.director, at=NOW)


@pytest.mark.django_db
def test_a_draft_gets_the_regions_itself_and_a_submitted_contract_goes_back_first(world, change_regions):
    contract = world.submit(("soy", HUICHENG), code="C-1")
    change_regions((HUICHENG, HUIYANG), (HUICHENG, TIANHE), kind="split")
    with refused("wrong_state"):
        remap_contract(contract_id=contract.id, by=world.director, at=NOW)
    reopen_contract(contract_id=contract.id, by=world.director, at=NOW)
    made = remap_contract(contract_id=contract.id, by=world.director, at=NOW)
    assert made.id == contract.id
    assert areas_of(made) == [("soy", TIANHE, ""), ("soy", HUIYANG, "")]
    with refused("nothing_to_remap", field="contract"):
        remap_contract(contract_id=contract.id, by=world.director, at=NOW)


@pytest.mark.django_db
def test_a_contract_that_ends_this_month_is_amended_at_once(world, change_regions):
    old = world.active(("soy", HUICHENG), until=date(2026, 6, 20))
    change_regions((HUICHENG, HUIYANG))
    made = remap_contract(contract_id=old.id, by=world.director, at=NOW)
    assert made.starts_on == date(2026, 6, 2)


@pytest.mark.django_db
def test_who_may_not_edit_may_not_remap(world, change_regions):
    old = world.active(("soy", HUICHENG))
    change_regions((HUICHENG, HUIYANG))
    with pytest.raises(NotAllowed):
        remap_contract(contract_id=old.id, by=an_actor(old.dealer), at=NOW)
    manager = an_actor(world.maker, "region_manager")
    with refused("not_found", field="contract"):
        remap_contract(contract_id=old.id, by=manager, at=NOW)


@pytest.mark.django_db
def test_a_region_that_no_longer_exists_is_refused_in_a_draft(world, change_regions):
    draft = world.draft(starts_on=date(2026, 6, 1))
    change_regions((HUICHENG, HUIYANG))
    with refused("region_gone", field="areas[1].region") as no:
        set_areas(
            contract_id=draft.id,
            areas=[NewArea("soy", HUIYANG), NewArea("soy", HUICHENG)],
            by=world.director,
            at=NOW,
        )
    assert no.value.details["became"] == [HUIYANG]
    with refused("bad_contract", field="areas[0].region"):
        set_areas(contract_id=draft.id, areas=[NewArea("soy", "99")], by=world.director, at=NOW)


@pytest.mark.django_db
def test_a_next_version_begins_with_a_region_that_is_gone_and_is_not_submitted_with_it(world, change_regions):
    old = world.active(("soy", HUICHENG))
    change_regions((HUICHENG, HUIYANG))
    made = draft_next_version(contract_id=old.id, starts_on=DAY, by=world.director, at=NOW)
    with refused("region_gone", field="areas"):
        submit_contract(contract_id=made.id, by=world.director, at=NOW)
    remap_contract(contract_id=made.id, by=world.director, at=NOW)
    assert submit_contract(contract_id=made.id, by=world.director, at=NOW).state == "submitted"


@pytest.mark.django_db
def test_parties_in_a_region_that_no_longer_exists_are_listed(world, change_regions):
    party = a_party("member", region_id=HUICHENG)
    assert concerned_parties(world.director, day=DAY) == []
    change_regions((HUICHENG, HUIYANG))
    found = concerned_parties(world.director, day=DAY)
    assert [(one.party.id, [new.code for new in one.proposed]) for one in found] == [(party.id, [HUIYANG])]


@pytest.mark.django_db
def test_statements_do_not_grow_with_contracts(world, change_regions):
    change_regions((HUICHENG, HUIYANG))
    counts = []
    for number in range(3):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        world.draft(("soy", HUIZHOU), code=f"D-{number}")
        with CaptureQueriesContext(connection) as statements:
            concerned_contracts(world.director, day=DAY)
        counts.append(len(statements))
    assert len(set(counts[1:])) == 1


@pytest.mark.django_db
def test_a_member_has_one_dealer_for_a_region_and_category(world):
    member = world.member()
    world.active(("soy", HUIZHOU), code="C-1", member=member)
    second = world.submit(("soy", HUICHENG), code="C-2", member=member, dealer=a_party("dealer"))
    world.sign(second, second.member, second.dealer)
    with pytest.raises(MemberTaken) as taken, transaction.atomic():
        world.sign(second, second.manufacturer)
    assert (taken.value.code, taken.value.details["contract"]) == ("member_taken", "C-1")
    assert taken.value.details["dealer"] == world.dealer.name


def test_two_dealers_who_sign_one_member_at_once_leave_one(committed):
    """Both third signatures arrive together; one contract holds, the other one is refused."""
    tenant = Tenant.objects.get(slug="acme")
    with tenant_active(tenant):
        world = World()
        member = world.member()
        pair = [
            world.submit(
                ("soy", region), code=f"C-{region}", member=member, dealer=a_party("dealer"), spreads=()
            )
            for region in (HUIZHOU, HUICHENG)
        ]
        for one in pair:
            world.sign(one, one.member, one.dealer)
    results: list[str] = []
    gate = threading.Barrier(2)

    def sign_last(contract):
        try:
            gate.wait(timeout=20)
            with tenant_active(tenant.id):
                by = an_actor(world.maker)
                sign_contract(contract_id=contract.id, digest=contract.digest, by=by, at=NOW)
            results.append("active")
        except Exception as error:
            results.append(getattr(error, "code", None) or repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign_last, args=(one,)) for one in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["active", "member_taken"]


HEADINGS = "old,new,on,kind,document,name\n"


def load(tmp_path, *lines):
    path = tmp_path / "changes.csv"
    path.write_text(HEADINGS + "\n".join(lines), "utf-8")
    call_command("load_region_changes", str(path), verbosity=0)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_operator_loads_changes_from_a_file(tmp_path, capsys):
    lines = ("441302,441399,2026-05-01,merged,国函〔2026〕1号,惠新区", "441303,441303,2026-05-01,renamed,x,")
    load(tmp_path, *lines)
    load(tmp_path, *lines)
    assert RegionChange.objects.using("owner").count() == 2
    made = Region.objects.using("owner").get(code="441399")
    assert (made.full_name, made.parent_id, made.depth) == ("广东省惠州市惠新区", HUIZHOU, 3)
    assert "2 changes read, 0 new" in capsys.readouterr().err


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x,441303,2026-05-01,merged,d,", "no code"),
        ("441302,441,2026-05-01,merged,d,", "no code"),
        ("441302,441303,soon,merged,d,", "no date"),
        ("441302,441303,2026-05-01,lost,d,", "kind"),
        ("441302,441303,2026-05-01,merged,,", "document"),
        ("441302,441398,2026-05-01,merged,d,", "name it"),
        ("441302,999999,2026-05-01,merged,d,新区", "does not exist"),
    ],
)
def test_a_line_that_is_no_change_is_refused(tmp_path, line, reason):
    with pytest.raises(CommandError, match=reason):
        load(tmp_path, line)
