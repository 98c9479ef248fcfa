"""Create the tenant, parties, products and books of an import; existing ones stay unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import Q

from catalogue.models import Product
from catalogue.operations.products import index_products, product_search
from dealers.models import Party
from dealers.operations.parties import index_parties, party_search
from imports.operations.sales.scan import Scan
from kernel.refusals import Refusal
from ledger.operations.books import open_books
from tenancy.models import Tenant

CURRENCY, TIMEZONE = "GBP", "Europe/London"
BATCH = 2_000


class NotThisTenant(Refusal):
    code = "conflict"


@dataclass(frozen=True, slots=True)
class Masters:
    """The ids in the tenant of the file's codes; `books` by customer code."""

    seller_id: UUID
    products: dict[str, UUID]
    parties: dict[str, UUID]
    books: dict[str, UUID]


def ensure_tenant(*, slug: str, currency: str = "", timezone: str = "", name: str = "") -> Tenant:
    """Return the tenant of this slug; the database's owner role creates a missing one.

    A new tenant is the file's wholesaler, with pounds and London time by default. Raises NotThisTenant if
    the existing tenant has another currency or time zone, or if one of them is invalid.
    """
    if timezone and timezone not in available_timezones():
        raise NotThisTenant(f"There is no time zone {timezone}.", field="--timezone")
    if currency and not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise NotThisTenant(f"{currency} is no ISO 4217 code like GBP.", field="--currency")
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is not None:
        for field, stored, requested in (
            ("--currency", tenant.currency, currency),
            ("--timezone", tenant.timezone, timezone),
        ):
            if requested and requested != stored:
                raise NotThisTenant(f"{field} {requested}: the tenant {slug} keeps {stored}.", field=field)
        return tenant
    tenant = Tenant(
        slug=slug, name=name or slug, currency=currency or CURRENCY, timezone=timezone or TIMEZONE
    )
    tenant.full_clean(exclude=["id", "created_at"], validate_unique=False)
    with transaction.atomic(using="owner"):
        tenant.save(using="owner", force_insert=True)
    return tenant


def write_masters(found: Scan, *, tenant: Tenant) -> None:
    """Create the missing parties, products and books."""
    seller = Party.objects.filter(kind=Party.Kind.MANUFACTURER).first()
    if seller is None:
        seller = Party(kind=Party.Kind.MANUFACTURER, code="M", name=tenant.name)
        seller.search = party_search(seller)
        seller.save(force_insert=True)
    parties = [
        Party(
            kind=Party.Kind.DEALER,
            code=code,
            name=f"Customer {code}",
            address=customer.country,
            parent=seller,
            joined_on=customer.first_at.date(),
        )
        for code, customer in sorted(found.customers.items())
    ]
    for party in parties:
        party.search = party_search(party)
    Party.objects.bulk_create(parties, batch_size=BATCH, ignore_conflicts=True)
    products = [
        Product(sku=sku, name=name[:200], base_unit="pc", tax_rate=0)
        for sku, name in sorted(found.names.items())
    ]
    for product in products:
        product.search = product_search(product)
    Product.objects.bulk_create(products, batch_size=BATCH, ignore_conflicts=True)
    index_parties(Party.objects.filter(Q(code__in=list(found.customers)) | Q(id=seller.id)))
    index_products(Product.objects.filter(sku__in=list(found.names)))
    open_books([(seller.id, party_id) for party_id in _parties(found).values()])


def read_masters(found: Scan) -> Masters:
    """Return the ids of the file's parties, products and books. A constant number of statements."""
    seller_id = Party.objects.get(kind=Party.Kind.MANUFACTURER).id
    parties = _parties(found)
    books = open_books([(seller_id, party_id) for party_id in parties.values()])
    skus = Product.objects.filter(sku__in=list(found.names)).values_list("sku", "id")
    return Masters(
        seller_id=seller_id,
        products=dict(skus),
        parties=parties,
        books={code: books[seller_id, party_id] for code, party_id in parties.items()},
    )


def _parties(found: Scan) -> dict[str, UUID]:
    rows = Party.objects.filter(code__in=list(found.customers)).values_list("code", "id", "kind")
    for code, _, kind in rows:
        if kind != Party.Kind.DEALER:
            raise NotThisTenant(f"The code {code} belongs to a {kind}, not to a dealer.", field="CustomerID")
    return {code: party_id for code, party_id, _ in rows}
