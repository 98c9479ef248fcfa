from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.rights import the_system
from alliance.models import Contract
from alliance.operations.drafting import draft_contract
from catalogue.models import Product
from catalogue.operations.products import add_product, edit_product
from catalogue.queries import products_like
from dealers.models import Party
from dealers.operations.parties import add_party, edit_party, index_parties
from dealers.queries.parties import parties_like
from kernel.search import search_beginnings, search_tokens
from portal.web import search as page
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.factories import a_manufacturer, a_party, an_actor
from tests.people import a_member_of, signed_in
from ui.models import SearchToken

BY = the_system()


def added(code, name, kind="dealer", **values):
    return add_party(party=Party(kind=kind, code=code, name=name, **values), by=BY, at=timezone.now())


@pytest.mark.parametrize(
    "typed",
    [
        "P-0412",
        "p-0412",
        "0412",
        "Ｐ－0412",
        "肇庆",
        "恒丰",
        "丰粮",
        "恒丰粮油贸易",
        "恒丰 0412",
        "zhaoqing",
        "hengfeng",
        "zqhf",
        "hfly",
        "hf",
        "zhaoqinghengfengliangyou",
        "肇庆hf",
        "梁敏",
        "13812345678",
        "９１４４",
    ],
)
def test_a_party_is_found_by_what_people_type(in_acme, typed):
    added("P-0412", "肇庆恒丰粮油贸易有限公司", contact="梁敏", phone="13812345678")
    other = added("Q-9144", "９１４４")
    added("P-0999", "四会陈记")
    found = set(parties_like(Party.objects.all(), typed).values_list("code", flat=True))
    assert found == ({other.code} if typed == "９１４４" else {"P-0412"})


@pytest.mark.parametrize("typed", ["", "  ", "\x00"])
def test_nothing_typed_narrows_nothing(in_acme, typed):
    added("A", "甲")
    assert parties_like(Party.objects.all(), typed).count() == 1


@pytest.mark.parametrize("typed", ["%", "_", "'", "恒%", "\\", "x" * 300, "🀄", "肇" * 50])
def test_strange_words_find_nothing_and_break_nothing(in_acme, typed):
    added("P-0412", "肇庆恒丰")
    assert not parties_like(Party.objects.all(), typed).exists()


def test_a_new_name_takes_the_place_of_the_old_one(in_acme):
    party = added("P-1", "肇庆恒丰")
    other = added("P-2", "肇庆恒丰二店")
    party.name = "江门五邑"
    edit_party(party=party, by=BY, at=timezone.now())
    assert list(parties_like(Party.objects.all(), "恒丰")) == [other]
    assert list(parties_like(Party.objects.all(), "五邑")) == [party]


def test_a_product_is_found_by_sku_name_and_barcode_and_follows_its_changes(in_acme):
    product = Product(sku="LZ-1012", name="金标生抽500ml")
    add_product(product=product, barcodes=[("6901234567892", "")], by=BY, at=timezone.now())
    for typed in ("lz-1012", "1012", "生抽", "sc", "jbsc", "500ml", "6901234567892"):
        assert list(products_like(Product.objects.all(), typed)) == [product], typed
    product.name = "银标老抽"
    edit_product(product=product, by=BY, at=timezone.now())
    assert not products_like(Product.objects.all(), "生抽")
    assert list(products_like(Product.objects.all(), "6901234567892")) == [product]


def test_nobody_finds_another_tenants_objects(acme, bolt):
    with tenant_active(acme):
        added("P-1", "肇庆恒丰")
    with tenant_active(bolt):
        assert not SearchToken.objects.exists()
        assert not parties_like(Party.objects.all(), "恒丰")


def test_indexing_takes_two_statements_for_many(in_acme):
    parties = [a_party(name=f"恒丰{n}") for n in range(50)]
    with CaptureQueriesContext(connection) as asked:
        index_parties(parties)
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 3


def test_everything_is_indexed_anew_by_a_command(committed):
    acme = Tenant.objects.get(slug="acme")
    with tenant_active(acme):
        party = a_party(name="肇庆恒丰")
        Product.objects.create(sku="S1", name="生抽")
    call_command("reindex_search", verbosity=0)
    with tenant_active(acme):
        assert list(parties_like(Party.objects.all(), "zqhf")) == [party]
        assert products_like(Product.objects.all(), "sc").count() == 1


@pytest.fixture
def pages(monkeypatch):
    """Every noun has a page, whether or not its room has built it yet."""
    monkeypatch.setattr(page, "_has_page", lambda noun: True)
    monkeypatch.setattr(page, "reverse", lambda name, args: f"/{name}/{args[0]}")


def found(actor, typed, most=20):
    return {
        str(group.icon): [one.name for one in group.found] for group in page.search(actor, typed, limit=most)
    }


def test_results_pass_through_what_each_may_see(in_acme, pages):
    maker = a_manufacturer()
    dealer, rival = added("D-1", "肇庆恒丰"), added("D-2", "江门恒丰")
    member = added("M-1", "恒丰小店", kind="member", parent=dealer)
    contract = Contract(
        code="HF-0412",
        manufacturer=maker,
        dealer=dealer,
        member=member,
        starts_on=date(2026, 1, 1),
        until=date(2027, 1, 1),
    )
    draft_contract(contract=contract, by=BY, at=timezone.now())
    assert set(found(an_actor(maker), "恒丰")["building-store"]) == {"恒丰小店", "江门恒丰", "肇庆恒丰"}
    assert set(found(an_actor(dealer), "恒丰")["building-store"]) == {"恒丰小店", "肇庆恒丰"}
    assert set(found(an_actor(rival), "恒丰")["building-store"]) == {"江门恒丰"}
    assert "heart-handshake" in found(an_actor(dealer), "hf-0412")
    assert "heart-handshake" not in found(an_actor(rival), "hf-0412")
    assert "heart-handshake" not in found(an_actor(dealer, "warehouse"), "hf-0412")


def test_a_partner_finds_its_own_among_thousands_of_the_same_name(in_acme, pages):
    Party.objects.bulk_create(
        Party(kind="dealer", code=f"D{n:05}", name="恒丰", search=" 恒丰 ") for n in range(1500)
    )
    index_parties(Party.objects.all())
    last = Party.objects.order_by("-code").first()
    assert found(an_actor(last), "恒丰") == {"building-store": ["恒丰"]}


def test_the_search_takes_nine_statements_at_most(in_acme, pages):
    maker = a_manufacturer()
    for n in range(30):
        added(f"D-{n}", f"恒丰{n}")
    with CaptureQueriesContext(connection) as asked:
        page.search(an_actor(maker), "恒丰", limit=8)
    assert len(asked) <= 9


def test_the_header_gets_eight_and_an_exact_code_on_enter_leads_straight_there(acme, monkeypatch, pages):
    who = a_member_of(acme)
    with tenant_active(acme):
        parties = [added(f"D-{n:03}", f"恒丰{n}") for n in range(20)]
    client = signed_in(who)
    header = client.get("/search?q=恒丰", headers={"HX-Request": "true"}).content.decode()
    assert header.count('href="/party/') == 8
    assert "<html" not in header
    assert client.get("/search?q=恒丰").content.decode().count('href="/party/') == 20
    assert client.get("/search?q=d-007")["Location"] == f"/party/{parties[7].id}"
    assert client.get("/search?q=nothing-such").status_code == 200
    assert client.get("/search").status_code == 200


def test_tokens_know_the_company_suffix_and_long_words():
    tokens = search_tokens(names=["肇庆恒丰有限公司"], codes=["P-0412"])
    assert "肇庆恒丰" in tokens
    assert "zqhf" in tokens
    assert not any("有限" in token for token in tokens)
    assert search_beginnings("恒丰 hf") == [("恒丰",), ("hf",)]
