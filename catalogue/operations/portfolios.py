"""Save a portfolio, and change its products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import PortfolioAction
from catalogue.models import Portfolio, PortfolioProduct, Product
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_PORTFOLIO_PRODUCTS = 20_000


class BadPortfolio(Refusal):
    code = "bad_portfolio"


class PortfolioExists(Refusal):
    code = "conflict"


class NoSuchPortfolio(Refusal):
    code = "not_found"


def save_portfolio(
    *,
    code: str,
    name: str,
    starts_on: date | None,
    until: date | None,
    by: Actor,
    at: datetime,
    portfolio_id: UUID | None = None,
) -> Portfolio:
    """Create a portfolio, or change the one with the id; it is in force in `[starts_on, until)`.

    Raises NoSuchPortfolio, BadPortfolio with the field, PortfolioExists for a code that is taken.
    """
    by.must("catalogue.edit")
    code, name = code.strip(), name.strip()
    for field, value, longest in (("code", code, 40), ("name", name, 100)):
        if not value or len(value) > longest or not value.isprintable():
            message = _("This needs 1 to %(longest)d characters.")
            raise BadPortfolio(message % {"longest": longest}, field=field)
    if starts_on and until and until <= starts_on:
        raise BadPortfolio(_("It ends before it starts."), field="until")
    with joined_transaction():
        portfolio = locked_portfolio(portfolio_id) if portfolio_id else Portfolio()
        portfolio.code, portfolio.name, portfolio.starts_on, portfolio.until = code, name, starts_on, until
        try:
            with transaction.atomic():
                portfolio.save()
        except IntegrityError as error:
            message = _("There is a portfolio with the code %(code)s already.") % {"code": code}
            raise PortfolioExists(message, field="code") from error
        term = {"starts_on": starts_on and f"{starts_on}", "until": until and f"{until}"}
        record(PortfolioAction.SAVE, portfolio, by=by, at=at, code=code, **term)
    return portfolio


def add_products(*, portfolio_id: UUID, products: Sequence[Product], by: Actor, at: datetime) -> int:
    """Add products to the portfolio and return how many it did not have before."""
    by.must("catalogue.edit")
    with joined_transaction():
        portfolio = locked_portfolio(portfolio_id)
        known = set(portfolio.products.values_list("product_id", flat=True))
        new = [one for one in {one.id: one for one in products}.values() if one.id not in known]
        if len(known) + len(new) > MAX_PORTFOLIO_PRODUCTS:
            message = _("A portfolio has at most %(most)s products.") % {"most": MAX_PORTFOLIO_PRODUCTS}
            raise BadPortfolio(message, field="products")
        PortfolioProduct.objects.bulk_create(
            [PortfolioProduct(portfolio=portfolio, product=product) for product in new]
        )
        if new:
            skus = [one.sku for one in new[:50]]
            record(PortfolioAction.SET_PRODUCTS, portfolio, by=by, at=at, added=len(new), skus=skus)
    return len(new)


def remove_products(*, portfolio_id: UUID, skus: Collection[str], by: Actor, at: datetime) -> int:
    """Take products out of the portfolio and return how many it had."""
    by.must("catalogue.edit")
    with joined_transaction():
        portfolio = locked_portfolio(portfolio_id)
        removed = int(portfolio.products.filter(product__sku__in=list(skus)).delete()[0])
        if removed:
            named = sorted(skus)[:50]
            record(PortfolioAction.SET_PRODUCTS, portfolio, by=by, at=at, removed=removed, skus=named)
    return removed


def locked_portfolio(portfolio_id: UUID) -> Portfolio:
    """Return the portfolio, locked until the end of the transaction. Raises NoSuchPortfolio."""
    found: Portfolio | None = Portfolio.objects.select_for_update().filter(id=portfolio_id).first()
    if found is None:
        raise NoSuchPortfolio(_("There is no such portfolio."), field="portfolio")
    return found
