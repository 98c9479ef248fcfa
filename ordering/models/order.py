"""Orders and their lines."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER, MANUFACTURER, Actor
from alliance.models import Contract
from catalogue.models import Product
from dealers.models import Party
from dealers.models.party import TERRITORY_ROLES
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

UNDER_WAY = ("review", "held", "placed", "confirmed", "reserved", "part_shipped", "shipped")
TO_OUTLETS = ("presale", "van")


def money(name: Any, **kwargs: Any) -> models.DecimalField[object, object]:
    """Return a column for an amount with two decimal places."""
    return models.DecimalField(name, max_digits=16, decimal_places=2, **kwargs)


def price(name: Any, **kwargs: Any) -> models.DecimalField[object, object]:
    """Return a column for a unit price with four decimal places."""
    return models.DecimalField(name, max_digits=14, decimal_places=4, **kwargs)


def visible_trades(actor: Actor, seller: str = "seller", buyer: str = "buyer") -> Q:
    """Return the filter for orders, and rows with the same two parties, that the actor may see.

    The manufacturer's staff see those of the buyers that they see; a partner what it buys or sells; a
    dealer also what its members sell.
    """
    if actor.party_kind == MANUFACTURER:
        return Q(**{f"{buyer}__in": Party.objects.visible_to(actor)})
    mine = Q(**{f"{seller}_id": actor.party_id}) | Q(**{f"{buyer}_id": actor.party_id})
    if actor.party_kind == DEALER:
        mine |= Q(**{f"{seller}__parent_id": actor.party_id})
    return mine


class OrderQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OrderQuerySet:
        if not actor.may("order.view"):
            return self.none()
        if actor.party_kind == MANUFACTURER and actor.role not in TERRITORY_ROLES:
            return self.all()
        if actor.party_kind == MANUFACTURER:
            return self.filter(visible_trades(actor))
        return self.filter(id__in=_traded_by(actor))


def _traded_by(actor: Actor) -> models.QuerySet[Order, Any]:
    """Return the ids of a partner's orders as `visible_trades` does, each side by its own index."""
    rows = Order.objects.order_by()
    sides = [rows.filter(seller_id=actor.party_id).values_list("id")]
    if actor.party_kind == DEALER:
        customers = Party.objects.filter(parent_id=actor.party_id)
        sides.append(rows.filter(seller__in=customers).values_list("id"))
    return rows.filter(buyer_id=actor.party_id).values_list("id").union(*sides)


class Order(TenantModel):
    """An agreement between a seller and a buyer, with its prices and the reasons for them fixed."""

    class Kind(models.TextChoices):
        STANDARD = "standard", _("order")
        PRESALE = "presale", _("pre-sale order")
        VAN = "van", _("van sale")

    class State(models.TextChoices):
        REVIEW = "review", _("waiting for approval")
        HELD = "held", _("on credit hold")
        PLACED = "placed", _("placed")
        CONFIRMED = "confirmed", _("confirmed")
        RESERVED = "reserved", _("reserved")
        PART_SHIPPED = "part_shipped", _("shipped in part")
        SHIPPED = "shipped", _("shipped")
        DELIVERED = "delivered", _("delivered")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("number"), max_length=120)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.STANDARD)
    state = models.CharField(_("state"), max_length=14, choices=State.choices)
    seller = TenantForeignKey(Party, related_name="sales", verbose_name=_("seller"))
    buyer = TenantForeignKey(Party, related_name="purchases", verbose_name=_("buyer"))
    contract = TenantForeignKey(Contract, null=True, related_name="orders", verbose_name=_("contract"))
    placed_at = models.DateTimeField(_("placed at"))
    placed_on = models.DateField(_("placed on"))
    placed_by = models.ForeignKey(
        "accounts.User",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("placed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    window_from = models.DateTimeField(_("delivery from"), null=True)
    window_until = models.DateTimeField(_("delivery until"), null=True)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    subtotal = money(_("subtotal"))
    discount = money(_("discount"))
    total = money(_("total"))
    tax = money(_("tax"))
    open_amount = money(_("not delivered yet"), default=0)
    due_on = models.DateField(_("payment due on"))
    verdict = models.CharField(_("price check"), max_length=10, default="ok")
    source = models.CharField(_("outside number"), max_length=120, blank=True)
    reference = models.CharField(_("buyer's reference"), max_length=100, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    facts = models.JSONField(_("facts"), default=dict)

    objects: ClassVar[Any] = TenantManager.from_queryset(OrderQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="order_number"),
            models.UniqueConstraint(
                fields=["tenant", "source", "buyer"], condition=~Q(source=""), name="order_source_once"
            ),
            models.CheckConstraint(condition=Q(total=F("subtotal") - F("discount")), name="order_adds_up"),
            models.CheckConstraint(condition=~Q(seller=F("buyer")), name="order_two_parties"),
        ]
        indexes = [
            models.Index(fields=["tenant", "buyer", "-placed_at"], name="order_by_buyer"),
            models.Index(fields=["tenant", "seller", "-placed_at", "-id"], name="order_sold"),
            models.Index(
                fields=["tenant", "seller", "state", "placed_on"],
                include=["buyer"],
                condition=Q(state__in=UNDER_WAY),
                name="order_under_way",
            ),
            models.Index(
                fields=["tenant", "placed_on", "kind"],
                include=["total", "buyer"],
                condition=Q(kind__in=TO_OUTLETS) & ~Q(state="cancelled"),
                name="order_to_outlets",
            ),
            models.Index(fields=["tenant", "-placed_at", "-id"], name="order_newest"),
            models.Index(
                fields=["tenant", "buyer", "seller", "due_on"],
                condition=Q(open_amount__gt=0),
                name="order_open",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderLine(TenantModel):
    """A product of an order and the reasons for its price; quantities are in base units.

    Paid units: `qty` ≥ `shipped_qty` ≥ `delivered_qty` ≥ `returned_qty`; the same holds for free units. Free
    units that were charged come back as paid ones. A gift line has a `qty` of 0, its free units, and the
    scheme that gives them.
    """

    order = TenantForeignKey(Order, related_name="lines", verbose_name=_("order"))
    position = models.PositiveIntegerField(_("position"))
    product = TenantForeignKey(Product, related_name="+", verbose_name=_("product"))
    sku = models.CharField(_("SKU"), max_length=60)
    qty = models.PositiveIntegerField(_("quantity"))
    free_qty = models.PositiveIntegerField(_("free"), default=0)
    per = models.PositiveIntegerField(_("per base units"), default=1)
    base_price = price(_("base price"))
    unit_price = price(_("price"))
    net_unit_price = price(_("net unit price"))
    discount = money(_("discount"))
    amount = money(_("amount"))
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4)
    net = money(_("net"))
    tax = money(_("tax"))
    price_list = models.CharField(_("price list"), max_length=40, blank=True)
    why = models.JSONField(_("reasons"), default=dict)
    reserved_qty = models.PositiveIntegerField(_("reserved"), default=0)
    cancelled_qty = models.PositiveIntegerField(_("cancelled"), default=0)
    cancelled_free = models.PositiveIntegerField(_("cancelled free"), default=0)
    shipped_qty = models.PositiveIntegerField(_("shipped"), default=0)
    shipped_free = models.PositiveIntegerField(_("shipped free"), default=0)
    delivered_qty = models.PositiveIntegerField(_("delivered"), default=0)
    delivered_free = models.PositiveIntegerField(_("delivered free"), default=0)
    returned_qty = models.PositiveIntegerField(_("returned"), default=0)
    returned_free = models.PositiveIntegerField(_("returned free"), default=0)
    charged_free = models.PositiveIntegerField(_("free units charged"), default=0)
    posted = money(_("posted so far"), default=0)
    credited = money(_("credited for returns"), default=0)

    class Meta(TenantModel.Meta):
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "position"], name="order_line_position"),
            models.CheckConstraint(condition=Q(amount=F("net") + F("tax")), name="order_line_adds_up"),
            models.CheckConstraint(
                condition=Q(shipped_qty__lte=F("qty") - F("cancelled_qty"))
                & Q(shipped_free__lte=F("free_qty") - F("cancelled_free"))
                & Q(delivered_qty__lte=F("shipped_qty"))
                & Q(delivered_free__lte=F("shipped_free"))
                & Q(returned_qty__lte=F("delivered_qty") + F("charged_free"))
                & Q(returned_free__lte=F("delivered_free") - F("charged_free")),
                name="order_line_quantities",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} × {self.qty}"
