"""Two tenants with a few rows of each noun; every code and name says whose it is.

In each tenant a manufacturer sells to two dealers, each with a member, an outlet, a contract,
orders, returns, programs and people of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db import transaction

from accounts.models import Delivery, Device, Letter, Message, User
from accounts.operations.row_security import as_person
from accounts.rights import ROLES, all_rights, the_system
from alliance.models import (
    Application,
    ApplicationDocument,
    ApplicationEntry,
    Authorisation,
    AuthorisationNotice,
    Breach,
    BreachReply,
    BreachShare,
    ChannelPlan,
    Contract,
    ContractArea,
    ContractNotice,
    ContractTemplate,
    Duty,
    DutyEvidence,
    Evidence,
    GuaranteeMonth,
    Kpi,
    KpiMonth,
    PlanActual,
    PlanObjective,
    PlanTarget,
    RegionOutline,
    Responsibility,
    ServiceFact,
    Signature,
    SigningRequest,
    SpreadTerm,
)
from approvals.models import Approval
from assortment.models import ChannelPortfolio, Idea, IdeaVote, Trial, TrialParty
from audit.models import AuditEntry
from catalogue.models import (
    Barcode,
    Brand,
    Category,
    CategoryAttribute,
    Portfolio,
    PortfolioProduct,
    Product,
    ProductAttribute,
    ProductPicture,
    StageChange,
    TaxClass,
    TaxRate,
    Unit,
    UnitName,
)
from dealers.models import (
    Channel,
    Invitation,
    Membership,
    MonthInput,
    Party,
    PartyTag,
    Region,
    Tag,
    Territory,
    TerritoryArea,
    Tier,
    TierMonth,
)
from integrations.authentication import new_key
from integrations.models import ApiKey
from jobs.models import Job
from ordering.models import Cart, ManualPrice, ReturnRequest, Shipment
from ordering.operations.confirming import confirm_order
from ordering.operations.delivering import deliver
from ordering.operations.delivery_slips import add_delivery_slip
from ordering.operations.placing import Window, place_order
from ordering.operations.returns import take_back
from ordering.operations.shipping import ship
from ordering.operations.stock_reports import count_stock
from pricing.models import (
    DryRun,
    DryRunFinding,
    Limit,
    PriceList,
    ProductCost,
    Scheme,
    SchemeBudget,
    SchemeUse,
)
from rebates.models import (
    PriceDrop,
    PriceDropClaim,
    PriceDropDocument,
    PriceDropLayer,
    PriceDropLine,
    PriceProtectionPolicy,
    Program,
    ProgramProduct,
    Settlement,
    Statement,
)
from tenancy.context import tenant_active
from tenancy.models import Tenant, TenantModel, new_id
from tests.factories import a_price_list
from ui.models import SavedView

AT = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)
MODELS: list[type[TenantModel]] = [
    model for model in apps.get_models(include_auto_created=True) if issubclass(model, TenantModel)
]


@dataclass
class Dealer:
    """A dealer and all that hangs on it: ids by model, and the mark in all its codes and names."""

    mark: str
    party: Party
    person: User
    key: str
    ids: dict[type[TenantModel], list[UUID]] = field(default_factory=dict)


@dataclass
class World:
    tenant: Tenant
    mark: str
    manufacturer: Party
    director: User
    assistant: User
    key: str
    dealers: list[Dealer] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    devices: list[UUID] = field(default_factory=list)

    @property
    def ids(self) -> dict[type[TenantModel], list[UUID]]:
        with tenant_active(self.tenant):
            return {
                model: list(model._base_manager.order_by("id").values_list("id", flat=True))
                for model in MODELS
            } | {cast(Any, Device): list(self.devices)}


def build(tenant: Tenant, mark: str) -> World:
    """All rows of one tenant, committed."""
    with tenant_active(tenant):
        maker = _party("manufacturer", mark, None, tracks_stock=True)
        products = _catalogue(mark)
        _stock(maker, products, 1000)
        _prices(maker, f"{mark}-all", products, "10")
        director = _person(f"{mark}-director", maker, "director")
        world = World(
            tenant,
            mark,
            maker,
            director,
            _person(f"{mark}-assistant", maker, "account_manager"),
            _key(maker, f"{mark}-key", all_rights(), "system"),
        )
        world.keys["no scope"] = _key(maker, f"{mark}-no-scope", [], "system")
        world.keys["revoked"] = _key(maker, f"{mark}-revoked", all_rights(), "system", is_active=False)
        expired = {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}
        world.keys["expired"] = _key(maker, f"{mark}-expired", all_rights(), "system", **expired)
        _once_in_a_tenant(maker, mark)
        _approval(maker, director, mark)
        world.devices.append(_device(director, mark))
        for number in (1, 2):
            before = world.ids
            dealer = _dealer(maker, f"{mark}D{number}Z", products)
            world.devices.append(_device(dealer.person, dealer.mark))
            after = world.ids
            dealer.ids = {model: [one for one in after[model] if one not in before[model]] for model in after}
            world.dealers.append(dealer)
    return world


def _party(kind: str, mark: str, parent: Party | None, **more: Any) -> Party:
    names = {"code": f"{mark}-{kind}", "name": f"{mark} {kind}", "search": f"{mark} {kind}".lower()}
    region = Region.objects.filter(depth=2).order_by("code").first()
    return Party.objects.create(kind=kind, parent=parent, region=region, phone="13900000000", **names, **more)


def _person(name: str, party: Party, role: str) -> User:
    user = User.objects.create(username=name, first_name=name, password="!", language="en")
    Membership.objects.create(user=user, party=party, role=role, party_kind=party.kind, party_name=party.name)
    if role in {"director", "owner"}:
        message = Message.objects.create(
            person=user,
            party_id=party.id,
            topic="ordering.placed",
            group="orders",
            title=f"{name} is told",
            source=name,
            created_at=AT,
        )
        Delivery.objects.create(message=message, channel="mail", created_at=AT)
        SavedView.objects.create(
            person=user,
            party_id=party.id,
            list_name="contracts",
            name=f"{name} view",
            query="",
            is_shared=True,
        )
    return user


def _device(person: User, mark: str) -> UUID:
    with transaction.atomic(), as_person(person.id):
        made: UUID = Device.objects.create(
            user=person, secret_hash=mark, browser=f"{mark} browser", made_at=AT, visited_at=AT
        ).id
    return made


def _key(party: Party, name: str, scopes: Any, role: str, **more: Any) -> str:
    secret, key_hash = new_key()
    ApiKey.objects.create(
        name=name,
        key_hash=key_hash,
        hint=secret[:8],
        party=party,
        party_kind=party.kind,
        role=role,
        scopes=sorted(scopes),
        is_platforms=True,
        **more,
    )
    return secret


def _catalogue(mark: str) -> list[Product]:
    brand = Brand.objects.create(name=f"{mark} brand")
    UnitName.objects.create(name=f"{mark} unit", name_en=f"{mark} unit in English")
    category = Category.objects.create(code=f"{mark}-cat", name=f"{mark} category")
    products = [
        Product.objects.create(
            sku=f"{mark}-{number}", name=f"{mark} product {number}", brand=brand, category=category
        )
        for number in (1, 2)
    ]
    for product in products:
        Unit.objects.create(product=product, name="case", factor=12)
    _beside_products(products[0], mark)
    Barcode.objects.create(product=products[0], code="6901234567892")
    return products


def _beside_products(product: Product, mark: str) -> None:
    """What belongs to a product, or is a set of them."""
    portfolio = Portfolio.objects.create(
        code=f"{mark}-portfolio", name=f"{mark} portfolio", until="2020-01-01"
    )
    PortfolioProduct.objects.create(portfolio=portfolio, product=product)
    channel = Channel.objects.create(code=f"{mark}-listed", name=f"{mark} listed")
    ChannelPortfolio.objects.create(portfolio=portfolio, channel=channel)
    taxed = TaxClass.objects.create(code=f"{mark}-tax", name=f"{mark} tax")
    ProductCost.objects.create(product=product, starts_on="2020-01-01", cost="1")
    TaxRate.objects.create(tax_class=taxed, starts_on="2020-01-01", rate="0.13")
    attribute = CategoryAttribute.objects.create(category=product.category, name=f"{mark} attribute")
    ProductAttribute.objects.create(product=product, attribute=attribute, value=f"{mark} value")
    ProductPicture.objects.create(
        product=product,
        large=f"{mark} large".encode(),
        small=f"{mark} small".encode(),
        width=1,
        height=1,
        sha256="0" * 64,
        uploaded_at=AT,
        uploaded_by=mark,
    )
    StageChange.objects.create(product=product, old="trial", new="active", reason=mark, at=AT, by=mark)


def _tried(party: Party, product: Product, mark: str) -> None:
    """A trial that is decided, so that each party may have one of the same product."""
    trial = Trial.objects.create(
        product=product,
        purpose=f"{mark} purpose",
        starts_on="2026-01-01",
        until="2026-02-01",
        verdict="launch",
        opened_at=AT,
        opened_by=mark,
    )
    TrialParty.objects.create(trial=trial, party=party, comment=f"{mark} comment")


def _stock(party: Party, products: list[Product], on_hand: int) -> None:
    rows = [(one.sku, on_hand) for one in products]
    count_stock(party_id=party.id, rows=rows, source=f"opening:{party.code}", by=the_system(), at=AT)


def _prices(seller: Party, code: str, products: list[Product], price: str) -> PriceList:
    listed = a_price_list(seller, dict.fromkeys(products, price), code=code)
    terms = {"buy": 1000, "free": 1, "mode": "unit"}
    scheme = Scheme.objects.create(
        seller=seller, code=f"{code}-free", kind="free_goods", terms=terms, state=Scheme.State.PUBLISHED
    )
    _dry_run(listed, products[0], code)
    SchemeBudget.objects.create(scheme=scheme, used_units=1)
    use = {"order_id": new_id(), "order_number": f"{code}-use", "first_money": 1, "money": 1}
    SchemeUse.objects.create(scheme=scheme, buyer=seller, at=AT, first_units=1, units=1, **use)
    return listed


def _dry_run(listed: PriceList, product: Product, mark: str) -> None:
    run = DryRun.objects.create(
        price_list=listed,
        digest=mark,
        on="2026-06-01",
        started_at=AT,
        finished_at=AT,
        requested_by=mark,
        published_by=mark,
        reason=f"{mark} reason",
    )
    facts = {"lines": 1, "percent": "1.0", "ordered": "1.00"}
    DryRunFinding.objects.create(
        dry_run=run, kind="replay", position=0, product=product, party=listed.seller, amount=1, facts=facts
    )


def _once_in_a_tenant(maker: Party, mark: str) -> None:
    Channel.objects.create(code=f"{mark}-channel", name=f"{mark} channel")
    idea = Idea.objects.create(
        party=maker, title=f"{mark} idea", text="x", submitted_at=AT, submitted_by=mark
    )
    IdeaVote.objects.create(idea=idea, party=maker, at=AT)
    Tier.objects.create(code=f"{mark}-core", name=f"{mark} core", from_score=80)
    Tag.objects.create(code=f"{mark}-tag", name=f"{mark} tag")
    territory = Territory.objects.create(code=f"{mark}-south", name=f"{mark} south")
    TerritoryArea.objects.create(territory=territory, region=maker.region)
    Job.objects.create(kind=f"{mark}.job", message=f"{mark} works", state=Job.State.STOPPED)
    AuditEntry.objects.create(at=AT, action=f"{mark} did", target="catalogue.product", target_id="1")
    Limit.objects.create(
        seller=maker, product=Product.objects.first(), clause=f"{mark} 1", floor=1, action=Limit.Action.ADVISE
    )
    RegionOutline.objects.create(
        source=f"{mark} map",
        approval_number="GS(2024)0650",
        geojson={"type": "FeatureCollection", "features": []},
        regions=1,
        size=1,
        sha256="0" * 64,
        uploaded_at=AT,
        uploaded_by=mark,
    )
    _application(maker, mark)


def _application(maker: Party, mark: str) -> None:
    application = Application.objects.create(
        code=mark,
        kind="member",
        company=f"{mark} applicant",
        uscc="914413020000000000",
        contact=f"{mark} contact",
        phone="+8613900000000",
        address=f"{mark} address",
        region=maker.region,
        outlets=1,
        vehicles=1,
        warehouse=1,
        consent=f"{mark} consent",
        language="en",
        token=f"{mark}-form",
        content_hash=mark,
        received_at=AT,
    )
    ApplicationDocument.objects.create(
        application=application,
        file_name=f"{mark}.pdf",
        media_type="application/pdf",
        content=mark.encode(),
        size=1,
        sha256=mark,
        uploaded_at=AT,
    )
    ApplicationEntry.objects.create(application=application, kind="comment", text=mark, at=AT, who=mark)


def _approval(maker: Party, director: User, mark: str) -> None:
    Approval.objects.create(
        kind="pricing.publish_list",
        key=mark,
        target="pricing.pricelist",
        target_id=str(PriceList.objects.earliest("id").id),
        title=f"{mark} prices",
        party=maker,
        values={"price_list_id": str(PriceList.objects.earliest("id").id)},
        fingerprint="",
        requested_by=director,
        requested_at=AT,
    )


def _dealer(maker: Party, mark: str, products: list[Product]) -> Dealer:
    party = _party("dealer", mark, maker, tracks_stock=True, tier=Tier.objects.first())
    member = _party("member", mark, party)
    outlet = _party("outlet", mark, member)
    _person(f"{mark}-member", member, "owner")
    dealer = Dealer(mark, party, _person(f"{mark}-owner", party, "owner"), "")
    dealer.key = _key(party, f"{mark}-key", ROLES["dealer"]["owner"], "owner")
    PartyTag.objects.create(party=party, tag=Tag.objects.get())
    Invitation.objects.create(
        party=party,
        role="finance",
        party_kind="dealer",
        party_name=party.name,
        username=f"{mark}-guest",
        token_hash=f"{mark}-hash",
        invited_at=AT,
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
    _stock(party, products, 100)
    own = _prices(party, f"{mark}-own", products, "12")
    _prices(member, f"{mark}-member", products, "14")
    assert own.seller_id == party.id
    _contract(maker, party, member, mark, products[0])
    _trade(maker, party, products, mark)
    _trade(party, member, products, mark)
    place_order(
        seller_id=member.id,
        buyer_id=outlet.id,
        lines=[(products[0].sku, 1)],
        by=the_system(),
        at=AT,
        kind="presale",
        note=f"{mark} presale",
        window=Window(AT + timedelta(days=1), AT + timedelta(days=3)),
    )
    _rebates(maker, party, mark, products[0])
    _price_drop(maker, party, mark, products[0])
    Letter.objects.create(
        channel="mail",
        address=f"{mark}@example.com",
        language="en",
        title=mark,
        body=mark,
        source=f"{mark}:letter",
        created_at=AT,
    )
    authorisation = Authorisation.objects.create(
        number=f"{mark}-SQ",
        code=f"{mark}CODE",
        party=party,
        party_name=party.name,
        regions=[{"code": "11", "name": f"{mark} region"}],
        categories=[{"code": "x", "name": f"{mark} category"}],
        starts_on=date(2026, 1, 1),
        until=date(2099, 1, 1),
        issued_at=AT,
        issued_by=mark,
    )
    AuthorisationNotice.objects.create(authorisation=authorisation, days=7, at=AT)
    _tried(party, products[0], mark)
    month = {"month": date(2026, 5, 1), "party": party}
    MonthInput.objects.create(**month, scale=50, evidence={"of": mark})
    TierMonth.objects.create(**month, score=50, tier=Tier.objects.first(), move="stay", reasons={"of": mark})
    return dealer


def _contract(maker: Party, dealer: Party, member: Party, mark: str, product: Product) -> None:
    contract = Contract.objects.create(
        code=f"{mark}-contract",
        manufacturer=maker,
        dealer=dealer,
        member=member,
        starts_on=date(2026, 1, 1),
        until=date(2027, 1, 1),
        delivery_hours=48,
        late_fee=10,
    )
    region = Region.objects.filter(depth=2).order_by("code").first()
    ContractArea.objects.create(
        contract=contract,
        category=Category.objects.first(),
        region=region,
        area=(region.start, region.end),
        channels=(None, None),
        term=(contract.starts_on, contract.until),
        holds=False,
    )
    SpreadTerm.objects.create(
        contract=contract, product=product, clause=f"{mark} 3", guaranteed=1, advised_resale=15
    )
    responsibility = Responsibility.objects.create(
        contract=contract, link="coverage", role="dealer", duty=f"{mark} visits", owner_role="owner"
    )
    kpi = Kpi.objects.create(contract=contract, metric="visits", target=8, weight=1)
    Contract.objects.filter(id=contract.id).update(state="active")
    ContractTemplate.objects.create(name=f"{mark} template", member_kind=mark, content={}, changed_at=AT)
    Signature.objects.create(contract=contract, party=member, digest="0" * 64, at=AT)
    Evidence.objects.create(
        contract=contract, kind="service", source=f"{mark}:1", on=AT.date(), fulfilled=False, owed=5
    )
    month = {"contract": contract, "month": date(2026, 6, 1), "kind": "service"}
    GuaranteeMonth.objects.create(**month)
    breach = Breach.objects.create(**month, amount=5, opened_at=AT, reply_by=date(2026, 7, 8))
    BreachShare.objects.create(breach=breach, role="dealer", party=dealer, share=1, amount=5)
    BreachReply.objects.create(breach=breach, party=dealer, accepts=False, reason=f"{mark} reply", at=AT)
    ServiceFact.objects.create(
        contract=contract, metric="visits", on=AT.date(), note=f"{mark} visit", source=f"{mark}:v", at=AT
    )
    ContractNotice.objects.create(contract=contract, kind="expiring_90", at=AT)
    SigningRequest.objects.create(
        contract=contract,
        party=member,
        role="owner",
        digest="0" * 64,
        provider="ca",
        reference=f"{mark}-ref",
        at=AT,
    )
    _duties(contract, responsibility, kpi, mark)
    _plan(dealer, member, region, mark)


def _duties(contract: Contract, responsibility: Responsibility, kpi: Kpi, mark: str) -> None:
    """A fulfilled duty of the dealer, and the result of a KPI."""
    days = {"starts_on": date(2026, 6, 1), "due_on": date(2026, 6, 30)}
    duty = Duty.objects.create(
        contract=contract, responsibility=responsibility, party_id=contract.dealer_id, **days
    )
    DutyEvidence.objects.create(duty=duty, kind="document", note=f"{mark} done", at=AT, source=f"{mark}:1")
    KpiMonth.objects.create(
        kpi=kpi, month=date(2026, 6, 1), target=8, weight=1, actual=7, note=f"{mark} sheets"
    )


def _plan(dealer: Party, member: Party, region: Region, mark: str) -> None:
    """A plan of the year with an objective of the dealer that it handed down to its member."""
    plan = ChannelPlan.objects.create(
        code=f"{mark}-plan", name=f"{mark} plan", year=2026, state="handed_down"
    )
    target = PlanTarget.objects.create(
        plan=plan, region=region, metric="volume", annual=120, months=[10] * 12
    )
    given = PlanObjective.objects.create(target=target, party=dealer, amount=120, reason=f"{mark} reason")
    PlanObjective.objects.create(target=target, party=member, parent=given, amount=60)
    PlanActual.objects.create(target=target, party=dealer, month=date(2026, 6, 1), actual=9)


def _trade(seller: Party, buyer: Party, products: list[Product], mark: str) -> None:
    """One order delivered and partly returned, one that waits."""
    system = the_system()
    lines = [(one.sku, 6) for one in products]
    given = {"seller_id": seller.id, "buyer_id": buyer.id, "lines": lines, "by": system}
    done = place_order(**given, at=AT, note=f"{mark} note", reference=f"{mark} reference")
    confirm_order(order_id=done.id, by=system, at=AT)
    shipment = ship(order_id=done.id, by=system, at=AT + timedelta(hours=1))
    deliver(shipment_id=shipment.id, signed_by=f"{mark} hand", by=system, at=AT + timedelta(hours=9))
    take_back(order_id=done.id, lines=[(1, 2)], by=system, at=AT + timedelta(days=1), reason=f"{mark} broken")
    ReturnRequest.objects.create(
        order_id=done.id,
        lines=[{"position": 1, "qty": 1, "free": 0}],
        reason=f"{mark} leaks",
        requested_by=f"{mark} hand",
        requested_at=AT,
    )
    Cart.objects.create(
        seller=seller,
        buyer=buyer,
        name=f"{mark} cart",
        saved_at=AT,
        lines=[{"sku": products[0].sku, "qty": 1, "unit": ""}],
    )
    ManualPrice.objects.create(
        order_id=done.id,
        position=1,
        product=products[0],
        sku=products[0].sku,
        qty=6,
        price=9,
        reason=f"{mark} lowers",
        set_by_name=f"{mark} hand",
        set_at=AT,
    )
    waiting = place_order(**given, at=AT + timedelta(days=2))
    confirm_order(order_id=waiting.id, by=system, at=AT + timedelta(days=2))
    under_way = ship(order_id=waiting.id, by=system, at=AT + timedelta(days=2, hours=1), lines=[(1, 3)])
    add_delivery_slip(
        shipment_id=under_way.id,
        content=b"\xff\xd8\xff" + mark.encode(),
        file_name=f"{mark} slip.jpg",
        by=system,
        at=AT + timedelta(days=2, hours=2),
    )


def _rebates(seller: Party, party: Party, mark: str, product: Product) -> None:
    program = Program.objects.create(
        seller=seller,
        code=f"{mark}-program",
        name=f"{mark} program",
        method="retroactive",
        measure="amount",
        tiers=[{"from": "0", "rate": "0.02"}],
        starts_on=date(2026, 1, 1),
        until=date(2027, 1, 1),
        state="active",
        audience_kind="party",
        audience_value=party.code,
    )
    ProgramProduct.objects.create(program=program, product=product)
    settlement = Settlement.objects.create(
        program=program, starts_on=date(2026, 1, 1), until=date(2026, 4, 1)
    )
    Statement.objects.create(
        settlement=settlement, party=party, base=100, cumulative=100, earned=2, due=2, why={"of": mark}
    )


def _price_drop(seller: Party, party: Party, mark: str, product: Product) -> None:
    """A claim of the party with one line, its layer and a document, in reply."""
    policy, _made = PriceProtectionPolicy.objects.get_or_create(seller=seller)
    lower = a_price_list(seller, {product: "1"}, audience=("tag", f"{mark}-nobody"), code=f"{mark}-drop")
    drop = PriceDrop.objects.create(
        price_list=lower, seller=seller, effective=AT.date(), at=AT, terms=policy.terms(), computed_at=AT
    )
    claim = PriceDropClaim.objects.create(
        drop=drop, party=party, state="waiting", amount=5, sent_at=AT, reply_by=date(2099, 1, 1)
    )
    line = PriceDropLine.objects.create(
        claim=claim, product=product, price_before=10, price_after=5, on_hand=1, amount=5
    )
    PriceDropLayer.objects.create(
        line=line,
        position=0,
        shipment=Shipment.objects.filter(order__buyer=party).first(),
        day=AT.date(),
        qty=1,
        paid=10,
        price=10,
        reason="eligible",
        credit=5,
    )
    PriceDropDocument.objects.create(
        claim=claim,
        file_name=f"{mark} count.pdf",
        media_type="application/pdf",
        content=f"{mark} count".encode(),
        size=1,
        sha256="0" * 64,
        uploaded_at=AT,
    )
