"""The admin inside one tenant: rights of the role, refusals on the form, the audit trail."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.utils import translation

from alliance.models import ContractArea
from audit.models import AuditEntry
from audit.queries import trail
from catalogue.models import Barcode, Category, Product, Unit
from dealers.models import Invitation, Membership, Party, Territory, TerritoryUserObjectPermission
from dealers.operations.territories import create_territory, grant_territory
from integrations.models import ApiKey
from jobs.models import Job
from ledger.models import Account, Book, Journal
from ordering.models import Stock
from tenancy.context import tenant_active
from tests.factories import a_category, a_manufacturer, a_party, a_product, an_actor
from tests.people import a_member_of, a_membership, a_user, signed_in

pytestmark = pytest.mark.django_db
ADD = "/admin/catalogue/product/add/"
PRODUCT = {
    "sku": "LZ1",
    "name": "金标生抽",
    "base_unit": "瓶",
    "tax_rate": "0.13",
    "stage": "active",
    "units-TOTAL_FORMS": 0,
    "units-INITIAL_FORMS": 0,
    "barcodes-TOTAL_FORMS": 0,
    "barcodes-INITIAL_FORMS": 0,
}


@pytest.fixture(autouse=True)
def _quick_hashes(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def director(acme):
    return signed_in(a_member_of(acme))


def _errors(page) -> dict:
    return page.context["adminform"].form.errors


def test_a_product_is_added_findable_and_traced(director, acme):
    units = {"units-TOTAL_FORMS": 1, "units-0-name": "箱", "units-0-factor": 12}
    codes = {"barcodes-TOTAL_FORMS": 1, "barcodes-0-code": "6901234567892"}
    answer = director.post(ADD, PRODUCT | units | codes)
    assert answer.headers["Location"] == "/admin/catalogue/product/"
    assert "金标生抽" in director.get("/admin/catalogue/product/?q=jbsc").content.decode()
    with tenant_active(acme):
        product = Product.objects.get()
        assert Unit.objects.get().factor == 12
        assert Barcode.objects.get().product == product
        actions = [one.action for one in trail(product)]
    assert actions == ["product.add", "admin.add"]
    history = director.get(f"/admin/catalogue/product/{product.id}/history/").content.decode()
    assert "后台新增" in history


def test_a_sku_that_is_taken_is_said_at_its_field(director, acme):
    with tenant_active(acme):
        a_product("LZ1")
    page = director.post(ADD, PRODUCT)
    assert page.status_code == 200
    assert set(_errors(page)) == {"sku"}


def test_a_refusal_of_the_operation_is_said_at_its_field(director, acme):
    page = director.post(ADD, PRODUCT | {"tax_rate": "1.5"})
    assert set(_errors(page)) == {"tax_rate"}, _errors(page)
    with tenant_active(acme):
        assert not Product.objects.exists()


def test_what_only_the_database_sees_is_said_too(director, acme, monkeypatch):
    """As if another person had saved the same code a moment ago: the form saw none."""
    with tenant_active(acme):
        a_category("soy")
    monkeypatch.setattr("ui.base_admin.TenantForm.validate_constraints", lambda form: None)
    page = director.post("/admin/catalogue/category/add/", {"code": "soy", "name": "again"})
    assert page.status_code == 200
    assert set(_errors(page)) == {"code"}
    with tenant_active(acme):
        assert Category.objects.count() == 1


def test_a_barcode_with_a_wrong_check_digit_is_refused(director, acme):
    codes = {"barcodes-TOTAL_FORMS": 1, "barcodes-0-code": "6901234567890"}
    assert director.post(ADD, PRODUCT | codes).status_code == 200
    with tenant_active(acme):
        assert not Product.objects.exists()


def test_a_party_is_added_through_its_operation(director, acme):
    form = {
        "kind": "dealer",
        "code": "D1",
        "name": "肇庆恒丰",
        "phone": "13800138000",
        "region": "441284",
        "tags-TOTAL_FORMS": 0,
        "tags-INITIAL_FORMS": 0,
        "is_active": "on",
    }
    assert director.post("/admin/dealers/party/add/", form).status_code == 302
    with tenant_active(acme):
        assert Party.objects.get(code="D1").phone == "+8613800138000"
    page = director.post("/admin/dealers/party/add/", form | {"code": "D2", "uscc": "123"})
    assert set(_errors(page)) == {"uscc"}
    page = director.post("/admin/dealers/party/add/", form | {"code": "D2", "region": "999999"})
    assert set(_errors(page)) == {"region"}


def test_a_role_without_the_right_may_look_and_not_touch(acme):
    with tenant_active(acme):
        product = a_product()
    finance = signed_in(a_member_of(acme, role="finance"))
    assert finance.get("/admin/catalogue/product/").status_code == 200
    assert finance.get(f"/admin/catalogue/product/{product.id}/change/").status_code == 200
    assert finance.get(ADD).status_code == 403
    assert finance.post(ADD, PRODUCT).status_code == 403
    assert finance.post(f"/admin/catalogue/product/{product.id}/change/", PRODUCT).status_code == 403
    assert finance.post(f"/admin/catalogue/product/{product.id}/delete/", {"post": "yes"}).status_code == 403
    assert finance.get("/admin/dealers/membership/").status_code == 403


@pytest.mark.parametrize("kind", ["dealer", "member"])
def test_the_admin_is_for_the_manufacturers_staff(acme, kind):
    assert signed_in(a_member_of(acme, kind)).get("/admin/", follow=True).status_code == 403


def test_another_tenants_things_are_not_there(director, bolt):
    with tenant_active(bolt):
        foreign = a_product("FOREIGN")
        category = a_category("foreign")
    assert "FOREIGN" not in director.get("/admin/catalogue/product/").content.decode()
    page = director.get(f"/admin/catalogue/product/{foreign.id}/change/")
    assert page.status_code == 302
    page = director.post(ADD, PRODUCT | {"category": str(category.id)})
    assert set(_errors(page)) == {"category"}
    assert str(category.id) not in director.get(ADD).content.decode()
    found = director.get("/admin/autocomplete/?app_label=dealers&model_name=party&field_name=parent&term=")
    assert found.status_code == 200


def test_a_region_manager_sees_and_edits_the_granted_territory_only(acme):
    membership = a_member_of(acme, role="region_manager")
    with tenant_active(acme):
        near = a_party("dealer", region_id="441284", name="NEAR")
        far = a_party("dealer", region_id="440106", name="FAR")
        director = an_actor(a_manufacturer())
        territory = create_territory(
            code="ZQ", name="肇庆", regions=["4412"], by=director, at=membership.created_at
        )
        grant_territory(territory=territory, to=membership.user, by=director, at=membership.created_at)
    manager = signed_in(membership)
    page = manager.get("/admin/dealers/party/").content.decode()
    assert "NEAR" in page
    assert "FAR" not in page
    assert manager.get(f"/admin/dealers/party/{near.id}/change/").status_code == 200
    assert manager.get(f"/admin/dealers/party/{far.id}/change/").status_code == 302
    found = manager.get("/admin/autocomplete/?app_label=dealers&model_name=party&field_name=parent&term=")
    assert {row["text"] for row in found.json()["results"]} <= {"NEAR", membership.party_name}


def test_people_are_invited_and_withdrawn(director, acme):
    with tenant_active(acme):
        dealer = a_party("dealer")
        membership = a_membership(dealer, user=a_user("zhou"))
    form = {"party": str(dealer.id), "role": "owner", "username": "liang", "name": "梁敏"}
    page = director.post("/admin/dealers/invitation/add/", form, follow=True).content.decode()
    assert "/invitations/link/" in page
    assert director.get("/admin/dealers/membership/add/").status_code == 403
    with tenant_active(acme):
        assert not Membership.objects.filter(user__username="liang").exists()
        invitation = Invitation.objects.get()
    gone = f"/admin/dealers/invitation/{invitation.id}/delete/"
    assert director.post(gone, {"post": "yes"}).status_code == 302
    with tenant_active(acme):
        assert Invitation.objects.get().state == "withdrawn"
    page = director.post("/admin/dealers/invitation/add/", form | {"role": "director"})
    assert set(_errors(page)) == {"role"}
    change = f"/admin/dealers/membership/{membership.id}/change/"
    assert director.post(change, {"role": "finance", "is_active": "on"}).status_code == 302
    assert director.post(change, {"role": "finance"}).status_code == 302
    with tenant_active(acme):
        membership = Membership.objects.get(id=membership.id)
    assert (membership.role, membership.is_active) == ("finance", False)


def test_a_territory_is_drawn_and_granted(director, acme):
    rep = a_member_of(acme, role="sales_rep")
    form = {
        "code": "ZQ",
        "name": "肇庆",
        "people": [str(rep.user_id)],
        "areas-TOTAL_FORMS": 1,
        "areas-INITIAL_FORMS": 0,
        "areas-0-region": "4412",
    }
    assert director.post("/admin/dealers/territory/add/", form).status_code == 302
    with tenant_active(acme):
        territory = Territory.objects.get()
        assert TerritoryUserObjectPermission.objects.get().user_id == rep.user_id
        area = territory.areas.get()
    kept = {
        "code": "ZQ",
        "name": "肇庆",
        "areas-TOTAL_FORMS": 1,
        "areas-INITIAL_FORMS": 1,
        "areas-0-region": "4412",
        "areas-0-id": str(area.id),
        "areas-0-territory": str(territory.id),
    }
    assert director.post(f"/admin/dealers/territory/{territory.id}/change/", kept).status_code == 302
    with tenant_active(acme):
        assert not TerritoryUserObjectPermission.objects.exists()


def test_a_key_is_shown_once_and_switched_off_for_good(director, acme):
    with tenant_active(acme):
        dealer = a_party("dealer")
    form = {"name": "ERP", "party": str(dealer.id), "scopes": ["order.view"]}
    page = director.post("/admin/integrations/apikey/add/", form, follow=True).content.decode()
    assert "tp_" in page
    with tenant_active(acme):
        key = ApiKey.objects.get()
    change = f"/admin/integrations/apikey/{key.id}/change/"
    assert "tp_" + "x" * 20 not in director.get(change).content.decode()
    assert director.post(change, {}).status_code == 302
    with tenant_active(acme):
        assert not ApiKey.objects.get().is_active
    page = director.post("/admin/integrations/apikey/add/", form | {"scopes": ["catalogue.edit"]})
    assert set(_errors(page)) == {"scopes"}


def test_only_tenant_data_is_served():
    strangers = [model for model in admin.site._registry if not hasattr(model, "tenant_id")]
    assert strangers == []


def test_every_list_and_form_opens_in_a_constant_number_of_statements(
    director, acme, django_assert_max_num_queries
):
    with tenant_active(acme):
        for number in range(12):
            a_product(f"S{number}", category=a_category(f"c{number}"))
            a_party("dealer", region_id="441284", parent=a_manufacturer())
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        with django_assert_max_num_queries(22):
            assert director.get(address).status_code == 200, address


def _has_chinese(words: object) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", str(words)))


def test_every_label_of_every_list_and_form_is_chinese(director, acme):
    """But for what is called so in Chinese too."""
    strangers = set()
    with translation.override("zh-hans"):
        for model, shown in admin.site._registry.items():
            strangers |= {
                f"{model._meta.label}.{column}"
                for column in shown.list_display
                if not _has_chinese(label_for_field(column, model, shown))
            }
            for noun in (model, *(inline.model for inline in shown.inlines)):
                strangers |= {
                    f"{noun._meta.label}.{field.name}"
                    for field in noun._meta.fields
                    if field.name not in {"id", "tenant", "search"} and not _has_chinese(field.verbose_name)
                }
            if not _has_chinese(model._meta.verbose_name_plural):
                strangers.add(model._meta.label)
    assert strangers <= {"catalogue.Product.sku", "ordering.ManualPrice.sku", "ordering.OrderLine.sku"}


def test_no_id_stands_for_a_thing(in_acme):
    party, product = a_party("dealer", name="恒丰"), a_product("LZ1")
    seller = a_manufacturer(name="岭珠")
    book = Book(seller=seller, buyer=party)
    things = {
        book: "岭珠 → 恒丰",
        Account(book=book, kind="receivable"): "岭珠 → 恒丰 · 应收",
        Journal(book=book, memo="SO-1", source="order:x"): "SO-1",
        AuditEntry(action="contract.sign", target="alliance.contract", target_id="x"): "签署合同 · 合同",
        Job(kind="rebates.settle", period="2026-10"): "结算 2026-10",
        Stock(party=party, product=product): f"恒丰 · {product}",
    }
    with translation.override("zh-hans"):
        assert {str(thing) for thing in things} == set(things.values())


def test_codes_are_said_in_words_and_filtered_by_them(director, acme):
    with tenant_active(acme):
        Job.objects.create(kind="rebates.settle", period="2026-10")
        Job.objects.create(kind="analytics.tier_month", period="2026-09")
    director.post("/language", {"language": "zh-hans", "next": "/"})
    page = director.get("/admin/jobs/job/?kind=rebates.settle").content.decode()
    assert "结算" in page
    assert "2026-10" in page
    assert "2026-09" not in page


def test_a_program_begins_with_the_manufacturer_and_names_the_key_that_is_wrong(director, acme):
    director.post("/language", {"language": "zh-hans", "next": "/"})
    with tenant_active(acme):
        maker = a_manufacturer()
    page = director.get("/admin/rebates/program/add/")
    assert page.context["adminform"].form.initial["seller"] == maker.id
    assert "返利档位" in page.content.decode()
    form = {
        "seller": str(maker.id),
        "code": "FL1",
        "name": "季返",
        "method": "retroactive",
        "measure": "amount",
        "tiers": '[{"from": 0, "rate": "0"}, {"form": 100, "rate": "0.01"}]',
        "audience_kind": "everyone",
        "starts_on": "2026-01-01",
        "until": "2027-01-01",
        "settled_every": 3,
        "products-TOTAL_FORMS": 0,
        "products-INITIAL_FORMS": 0,
    }
    errors = _errors(director.post("/admin/rebates/program/add/", form))
    assert errors == {"tiers": ["tiers[1].from: 缺少此项。"]}
    good = form | {"tiers": '[{"from": 0, "rate": "0"}, {"from": 100, "rate": "0.01"}]'}
    assert director.post("/admin/rebates/program/add/", good).status_code == 302


def test_the_parties_of_a_contract_are_looked_up_by_their_kind(director, acme):
    with tenant_active(acme):
        a_party("dealer", name="恒丰")
        a_party("member", name="恒泰")
    address = "/admin/autocomplete/?app_label=alliance&model_name=contract&field_name={}&term="
    assert [row["text"] for row in director.get(address.format("dealer")).json()["results"]] == ["恒丰"]
    assert [row["text"] for row in director.get(address.format("member")).json()["results"]] == ["恒泰"]


def test_the_area_of_a_contract_is_given_by_its_code(director, acme):
    with tenant_active(acme):
        dealer, member = a_party("dealer"), a_party("member")
        maker, category = a_manufacturer(), a_category("soy")
    form = {
        "code": "HT1",
        "manufacturer": str(maker.id),
        "dealer": str(dealer.id),
        "member": str(member.id),
        "starts_on": "2026-01-01",
        "until": "2027-01-01",
        "late_fee": "0",
        "areas-TOTAL_FORMS": 1,
        "areas-INITIAL_FORMS": 0,
        "areas-0-category": str(category.id),
        "areas-0-region": "441284",
        "spreads-TOTAL_FORMS": 0,
        "spreads-INITIAL_FORMS": 0,
    }
    page = director.post("/admin/alliance/contract/add/", form)
    assert page.status_code == 302, _errors(page)
    with tenant_active(acme):
        assert ContractArea.objects.get().region_id == "441284"
        address = f"/admin/alliance/contract/{ContractArea.objects.get().contract_id}/change/"
    assert 'value="441284"' in director.get(address).content.decode()
