import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alliance.models import ContractArea, Evidence, Metric, RegionOutline
from alliance.models.contract import all_channels
from alliance.operations.guarantee_events import close_month
from alliance.operations.measurement import measure_month
from alliance.operations.new_terms import NewGuarantee, NewTerms
from alliance.operations.region_events import DeliveredLine, Delivery, record_region_events
from dealers.models import Region
from tenancy.context import tenant_active
from tenancy.models import new_id
from tests.alliance.web.world import AT, HUICHENG, TODAY, AllianceWorld, alliance_world
from tests.api_client import ApiClient
from tests.factories import a_contract, a_party, in_force
from tests.people import as_owner

SQUARE = [[[113.0, 22.0], [114.0, 22.0], [114.0, 23.0], [113.0, 22.0]]]
HUIYANG = "441303"


@pytest.fixture
def world(db: None) -> AllianceWorld:
    return alliance_world()


def page(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[-500:]
    return answer.content.decode()


def geojson(*codes):
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": code},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        }
        for code in codes
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return SimpleUploadedFile("map.json", content)


def test_the_map_says_what_is_granted_and_to_whom(world: AllianceWorld) -> None:
    contract = world.active()
    category = world.category.code
    director = world.client(world.director)
    assert "tp-at-partly" in page(director, f"/regions/map?category={category}")
    city = page(director, f"/regions/map?category={category}&region=4413")
    assert "tp-at-granted" in city
    assert contract.code in city
    county = page(director, f"/regions/map?category={category}&region={HUICHENG}")
    assert world.member.name in county
    assert "region=4413" in county, "the way back"


def test_a_partner_reads_that_a_region_is_taken_and_not_by_whom(world: AllianceWorld) -> None:
    contract = world.active()
    with tenant_active(world.tenant):
        other = a_party("dealer")
    api = ApiClient(world.tenant, other, "owner")
    told = api.get(f"regions/map?category={world.category.code}&region=4413")
    assert told.status_code == 200
    found = told.json()
    taken = next(one for one in found["regions"] if one["code"] == HUICHENG)
    assert (taken["state"], taken["is_mine"], found["grants"]) == ("granted", False, [])
    assert contract.code not in told.content.decode()
    own = ApiClient(world.tenant, world.member, "owner")
    found = own.get(f"regions/map?category={world.category.code}&region=4413").json()
    assert [one["code"] for one in found["grants"]] == [contract.code]
    assert page(world.client(world.member_owner), f"/regions/map?region={HUICHENG}").count(contract.code) == 1


def test_an_unknown_category_channel_or_region_is_not_found(world: AllianceWorld) -> None:
    director = world.client(world.director)
    for query in ("category=zzz", "channel=zzz", "region=99"):
        assert director.get(f"/regions/map?{query}").status_code == 404
    api = ApiClient(world.tenant, world.maker, "director")
    assert api.get("regions/map").status_code == 200
    assert api.get("regions/map?category=zzz").status_code == 404


def test_the_statements_of_the_map_do_not_grow(world: AllianceWorld) -> None:
    client = world.client(world.director)
    world.active()
    page(client, "/regions/map")
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as statements:
            page(client, "/regions/map")
        counts.append(len(statements))
        with tenant_active(world.tenant):
            contract = a_contract(world.dealer, a_party("member", name=f"M{number}"), state="draft")
            region = Region.objects.get(code=("441303", "441322")[number])
            ContractArea.objects.create(
                contract=contract,
                category=world.category,
                region=region,
                channels=all_channels(),
                area=(region.start, region.end),
                term=(TODAY, TODAY + timedelta(days=9)),
                holds=True,
            )
            in_force(contract)
    assert counts[0] == counts[1]
    assert counts[0] <= 22


def test_a_tenants_own_outlines_need_a_source_and_an_approval_number(world: AllianceWorld) -> None:
    client = world.client(world.director)
    path = "/regions/map/outline"
    assert "审图号" in page(client, path)
    typed = {"source": "标准地图服务", "approval_number": "GS(2024)0650号", "once": "a"}
    wrong = client.post(path, typed | {"approval_number": "none", "file": geojson(440000), "once": "b"})
    assert wrong.status_code == 422
    assert client.post(path, typed | {"file": geojson("x"), "once": "c"}).status_code == 422
    assert client.get("/regions/map/outline.json").status_code == 404
    assert client.post(path, typed | {"file": geojson(440000, 441300), "once": "d"}).status_code == 302
    shown = page(client, "/regions/map")
    assert "GS(2024)0650号" in shown
    assert "region-map-states" in shown
    drawn = client.get("/regions/map/outline.json").json()["features"]
    assert [one["properties"]["adcode"] for one in drawn] == ["44"]
    inside = client.get("/regions/map/outline.json?region=44").json()["features"]
    assert [one["properties"]["adcode"] for one in inside] == ["4413"]
    assert client.post(path, typed | {"file": geojson(110000), "once": "e"}).status_code == 302
    assert client.post(path + "/remove", {"once": "f"}).status_code == 302
    assert client.post(path + "/remove", {"once": "g"}).status_code == 302
    with tenant_active(world.tenant):
        assert not RegionOutline.objects.exists()
    assert world.client(world.member_owner).get(path).status_code == 403


EXCLUSIVE = NewTerms(guarantees=(NewGuarantee(Metric.EXCLUSIVE, owed_per_event=Decimal(80)),))
WITH_NOTICE = NewTerms(
    guarantees=(NewGuarantee(Metric.EXCLUSIVE), NewGuarantee(Metric.NOTICE, target=Decimal(30)))
)


def guarded(world, contract):
    """A delivery of a stranger into the contract's region, recorded as an event of its guarantee."""
    with tenant_active(world.tenant):
        stranger = a_party("dealer", name="陌生商行")
        outlet = a_party("outlet", region_id=HUICHENG, name="陌生终端")
        world.product.category = world.category
        world.product.save()
        line = DeliveredLine(world.product.id, 12, 4321)
        delivery = Delivery(
            new_id(),
            "S-SECRET",
            new_id(),
            "O-SECRET",
            stranger.id,
            outlet.id,
            TODAY - timedelta(days=40),
            [line],
        )
        assert record_region_events([delivery], at=AT, measure=False) == 1
        measure_month(month=delivery.on, at=AT)


def test_partners_read_an_event_without_names_and_prices(world: AllianceWorld) -> None:
    contract = world.active(terms=EXCLUSIVE)
    guarded(world, contract)
    path = f"/contracts/{contract.id}/evidence?kind=region"
    staff = page(world.client(world.director), path)
    for word in ("陌生商行", "陌生终端", "S-SECRET", "O-SECRET", "4,321"):
        assert word in staff
    secrets = ("陌生商行", "陌生终端", "SECRET", "4321", "4,321", "/shipments/")
    for person in (world.member_owner, world.dealer_owner):
        text = page(world.client(person), path)
        assert world.product.name in text
        assert not [word for word in secrets if word in text]
    api = ApiClient(world.tenant, world.member, "owner")
    told = api.get(f"contracts/{contract.id}/evidence?kind=region")
    (event,) = told.json()["results"]
    assert set(event["facts"]) == {"clause", "term", "region", "region_name", "products"}
    assert "shipment" not in told.content.decode()
    by_staff = ApiClient(world.tenant, world.maker, "director")
    (event,) = by_staff.get(f"contracts/{contract.id}/evidence?kind=region").json()["results"]
    assert event["facts"]["seller"] == "陌生商行"


def test_a_quiet_month_and_a_case_are_sentences(world: AllianceWorld) -> None:
    contract = world.active(terms=WITH_NOTICE)
    month = (TODAY - timedelta(days=40)).replace(day=1)
    with tenant_active(world.tenant):
        assert close_month(month=month, at=timezone.now()) == 2
        events = [
            ("notice", True, {"metric": "notice", "notice_days": 40, "target": "30"}),
            ("none", False, {"metric": "notice", "notice_days": None}),
            ("renewal", False, {"metric": "renewal", "notice_days": None}),
            ("offered", True, {"metric": "renewal", "notice_days": 90, "target": None}),
            ("end", False, {"metric": "early_end", "months_of_income": 0}),
            (
                "owed",
                False,
                {"metric": "early_end", "months_of_income": 2, "average_income": "1234.50"},
            ),
        ]
        for source, met, facts in events:
            Evidence.objects.create(
                contract=contract, kind="term", source=source, on=month, fulfilled=met, facts=facts
            )
        case = {"case": "D-7", "region": HUICHENG, "region_name": "惠城区", "products": []}
        Evidence.objects.create(
            contract=contract, kind="region", source="case", on=month, fulfilled=False, facts=case
        )
        measure_month(month=month, at=AT)
    director = world.client(world.director)
    text = page(director, f"/contracts/{contract.id}/evidence?month={month:%Y-%m}")
    assert "1,234.5" in text
    assert "D-7" in text
    assert "D-7" not in page(
        world.client(world.member_owner), f"/contracts/{contract.id}/evidence?month={month:%Y-%m}"
    )


@pytest.fixture
def merged():
    as_owner(
        'INSERT INTO dealers_regionchange (old_code, new_id, "on", kind, reference)'
        " VALUES (%s, %s, '2026-01-01', 'merged', '国函〔2026〕1号')",
        HUICHENG,
        HUIYANG,
    )
    yield
    as_owner("DELETE FROM dealers_regionchange")


def test_changes_and_partners_in_a_region_that_is_gone_are_listed(world: AllianceWorld, merged) -> None:
    with tenant_active(world.tenant):
        a_party("outlet", region_id=HUICHENG, name="老地址")
    text = page(world.client(world.director), "/regions/changes")
    assert "国函〔2026〕1号" in text
    assert "老地址" in text


def test_contracts_concerned_are_amended_from_the_page_and_over_the_api(world: AllianceWorld) -> None:
    contract = world.active()
    client = world.client(world.director)
    assert f"/contracts/{contract.id}/remap" not in page(client, "/regions/changes")
    as_owner(
        'INSERT INTO dealers_regionchange (old_code, new_id, "on", kind, reference)'
        " VALUES (%s, %s, '2026-01-01', 'merged', '国函〔2026〕1号')",
        HUICHENG,
        HUIYANG,
    )
    try:
        assert f"/contracts/{contract.id}/remap" in page(client, "/regions/changes")
        api = ApiClient(world.tenant, world.maker, "director")
        assert api.get("regions/changes").json()["results"][0]["new_code"] == HUIYANG
        (concerned,) = api.get("regions/changes/contracts").json()
        assert (concerned["code"], concerned["amendment"]) == (contract.code, None)
        assert concerned["areas"][0]["proposed"] == [HUIYANG]
        answer = client.post(f"/contracts/{contract.id}/remap", {"once": "a"})
        assert answer.status_code == 302
        assert answer.headers["Location"] != "/regions/changes"
        again = client.post(f"/contracts/{contract.id}/remap", {"once": "b"})
        assert again.headers["Location"] == answer.headers["Location"], "the amendment that is open"
        assert answer.headers["Location"] in page(client, "/regions/changes")
        assert api.post(f"contracts/{contract.id}/remap", {}).status_code == 409
        member = ApiClient(world.tenant, world.member, "owner")
        assert member.post(f"contracts/{contract.id}/remap", {}).status_code == 403
        assert member.get("regions/changes/contracts").status_code == 403
    finally:
        as_owner("DELETE FROM dealers_regionchange")
    assert (
        client.post(f"/contracts/{contract.id}/remap", {"once": "c"}).headers["Location"]
        == "/regions/changes"
    )
