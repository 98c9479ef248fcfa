"""The admin has the API's rules: rows by `visible_to`, and no column that the API leaves out for a role."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from accounts.rights import STAFF_ROLES, the_system
from catalogue.models import Category
from dealers.models import MonthInput
from dealers.operations.territories import create_territory, grant_territory
from jobs.models import Job
from ordering.api.serializers.orders import OrderSummarySerializer
from ordering.api.serializers.returns import ReturnSummarySerializer
from ordering.api.serializers.shipments import ShipmentSummarySerializer
from ordering.models import Order, Return, Shipment, Stock, StockMovement
from ordering.operations.returns import take_back
from portal.api.jobs import JobSerializer
from pricing.models import Limit, PriceEntry, PriceList
from rebates.api.serializers import SettlementSerializer
from rebates.models import Settlement
from tenancy.context import tenant_active
from tenancy.rooms import tenant_wide_models
from tests import factories as make
from tests.approving import acting
from tests.ordering.trade import AT, a_stocked_trade, delivered
from tests.people import a_membership, signed_in
from ui import admin_rights

SERIALIZERS = {
    Order: OrderSummarySerializer,
    Shipment: ShipmentSummarySerializer,
    Return: ReturnSummarySerializer,
    Settlement: SettlementSerializer,
    Job: JobSerializer,
}
INSIDE, OUTSIDE = "441302", "110101"
DISTINCT = "4711.42"


@pytest.fixture
def people(acme):
    """A trade inside the territory of the roles that have one, another outside, and every role."""
    with tenant_active(acme):
        return _made()


def _made():
    trade = a_stocked_trade()
    type(trade.buyer).objects.filter(id=trade.buyer.id).update(region_id=INSIDE)
    order = delivered(trade, ("A", 3))
    take_back(order_id=order.id, lines=[(1, 1)], by=the_system(), at=AT + timedelta(days=1))
    outside = make.a_party(parent=trade.seller, region_id=OUTSIDE)
    for party in (trade.buyer, outside):
        stock = Stock.objects.create(party=party, product=make.a_product())
        StockMovement.objects.create(stock=stock, kind="count", qty=1, source=party.code, at=AT)
        MonthInput.objects.create(party=party, month=date(2026, 5, 1), scale=50)
        audience = ("party", party.code)
        make.a_price_list(trade.seller, {make.a_product(): "1"}, audience=audience, code=f"OF-{party.code}")
        member = make.a_party("member", parent=party, region_id=party.region_id or INSIDE)
        contract = make.a_contract(party, member)
        make.a_price_list(
            trade.seller, {make.a_product(): "1"}, audience=("contract", contract.code), code=contract.code
        )
        Limit.objects.create(
            seller=trade.seller, product=make.a_product(), clause="4.2", floor=1, contract_code=contract.code
        )
    program = make.a_program(trade.seller, [(0, "0.10")])
    job = Job.objects.create(
        kind="rebates.settle",
        state="done",
        message=DISTINCT,
        result={"due": DISTINCT},
        params={"x": DISTINCT},
    )
    Settlement.objects.create(
        program=program, starts_on=date(2026, 1, 1), until=date(2026, 4, 1), due=DISTINCT, parties=7, job=job
    )
    territory = create_territory(code="T", name="T", regions=["4413"], by=the_system(), at=AT)
    found = {role: a_membership(trade.seller, role) for role in STAFF_ROLES}
    for role in ("region_manager", "sales_rep"):
        grant_territory(territory=territory, to=found[role].user, by=the_system(), at=AT)
    return found


def list_of(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def left_out(model, actor, director):
    """The fields that the API leaves out for the actor and not for the director."""
    row = model.objects.visible_to(actor).order_by("id").first()
    if row is None:
        return row, {}
    seen = [
        SERIALIZERS[model](
            row, context={"request": SimpleNamespace(actor=one, _request=SimpleNamespace(actor=one))}
        )
        for one in (actor, director)
    ]
    mine, theirs = (dict(one.data) for one in seen)
    return row, {name: theirs[name] for name in mine if mine[name] is None and theirs[name] is not None}


def displayed(page):
    """The names of the fields on a change page, its inlines' too."""
    forms = [page.context["adminform"], *page.context["inline_admin_formsets"]]
    flat = set()
    for one in forms:
        fieldsets = one.fieldsets if hasattr(one, "fieldsets") else ()
        for _name, options in fieldsets:
            for field in options["fields"]:
                flat |= set(field) if isinstance(field, (list, tuple)) else {field}
    return flat


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_no_page_of_a_role_shows_what_the_api_leaves_out(acme, people, role):
    actor, director = acting(people[role]), acting(people["director"])
    client = signed_in(people[role])
    compared = 0
    for model in SERIALIZERS:
        with tenant_active(acme):
            row, missing = left_out(model, actor, director)
        model_admin = admin.site._registry[model]
        if row is None or not actor.may(model_admin.view_right):
            continue
        listed, page = client.get(list_of(model)), client.get(page_of(row))
        columns = set(map(str, listed.context["cl"].list_display))
        assert missing.keys() & (columns | displayed(page)) == set(), (model, role)
        text = listed.content.decode() + page.content.decode()
        for value in missing.values():
            assert DISTINCT not in str(value) or DISTINCT not in text, (model, role)
        compared += len(missing)
    if role in ("warehouse", "supervisor", "region_manager"):
        assert compared, "the roles that see less were compared"


@pytest.mark.django_db
@pytest.mark.parametrize("role", STAFF_ROLES)
def test_the_rows_of_a_page_are_those_that_the_actor_sees(acme, people, role):
    actor, client = acting(people[role]), signed_in(people[role])
    opened = 0
    for model, model_admin in admin.site._registry.items():
        page = client.get(list_of(model))
        assert (page.status_code == 200) is actor.may(model_admin.view_right), (model, role)
        if page.status_code != 200:
            continue
        opened += 1
        displayed_rows = {one.pk for one in page.context["cl"].result_list}
        with tenant_active(acme):
            rows = model.objects.all()
            visible = rows.visible_to(actor) if hasattr(rows, "visible_to") else rows
            assert displayed_rows == set(visible.values_list("pk", flat=True)), (model, role)
    assert opened >= 5


@pytest.mark.django_db
@pytest.mark.parametrize("model", [StockMovement, MonthInput, PriceList, PriceEntry, Limit])
def test_a_territory_shows_nothing_of_other_regions(acme, people, model):
    with tenant_active(acme):
        mine = model.objects.visible_to(acting(people["region_manager"]))
        everything = model.objects.visible_to(acting(people["director"]))
        assert 0 < mine.count() < everything.count()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["director", "warehouse"])
@pytest.mark.parametrize(
    "query",
    ["total__gte=1", "lines__unit_price__gte=1", "seller__phone__startswith=1", "facts__has_key=credit"],
)
def test_no_list_is_probed_by_other_fields_than_its_filters(people, role, query):
    client = signed_in(people[role])
    assert client.get(f"{list_of(Order)}?{query}").status_code == 400
    assert client.get(f"{list_of(Order)}?state=delivered").status_code == 200


@pytest.mark.django_db
def test_the_history_of_a_row_has_facts_for_who_reads_the_trail(acme, people):
    with tenant_active(acme):
        order = Order.objects.get()
    path = reverse("admin:ordering_order_history", args=[order.pk])
    pages = {role: signed_in(people[role]).get(path).content.decode() for role in people}
    assert {role for role, page in pages.items() if "total" in page} == {"director"}
    assert all("下单" in pages[role] for role in ("warehouse", "finance"))


def test_every_model_of_the_admin_has_rows_by_actor_or_is_the_same_for_everyone():
    without = {
        model._meta.label_lower
        for model in admin.site._registry
        if not hasattr(type(model.objects.none()), "visible_to")
    }
    assert without <= tenant_wide_models()
    assert "ordering.stockmovement" not in without


def test_a_model_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setattr(admin_rights, "tenant_wide_models", frozenset)
    request = SimpleNamespace(actor=the_system())
    with pytest.raises(ImproperlyConfigured, match=r"catalogue\.Category has no visible_to"):
        admin_rights.visible_rows(request, Category.objects.none())
