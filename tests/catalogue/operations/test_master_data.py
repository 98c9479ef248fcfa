from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from catalogue.models import Barcode, Category, CategoryAttribute, Product, ProductAttribute, TaxClass, Unit
from catalogue.operations.master_data import (
    AttributeTerms,
    BadMasterData,
    MasterDataExists,
    apply_tax_rates,
    save_category,
    save_tax_class,
    set_tax_rate,
)
from catalogue.operations.portfolios import (
    BadPortfolio,
    PortfolioExists,
    add_products,
    remove_products,
    save_portfolio,
)
from catalogue.operations.product_details import set_attributes, set_units_and_barcodes
from catalogue.operations.products import BadProduct
from catalogue.queries import products_named
from tests.factories import a_category, a_manufacturer, a_product, an_actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)
EAN = "6901234567892"


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def test_a_rate_holds_from_its_day_and_the_past_stays(director):
    taxed = save_tax_class(tax_class=TaxClass(code="food", name="食品"), by=director, at=AT)
    product = a_product(tax_class=taxed)
    other = a_product()
    set_tax_rate(tax_class_id=taxed.id, starts_on=date(2020, 1, 1), rate=Decimal("0.09"), by=director, at=AT)
    set_tax_rate(tax_class_id=taxed.id, starts_on=date(2026, 7, 2), rate=Decimal("0.06"), by=director, at=AT)
    product.refresh_from_db()
    assert product.tax_rate == Decimal("0.09")
    assert apply_tax_rates(by=director, at=datetime(2026, 7, 2, 12, tzinfo=UTC)) == 1
    product.refresh_from_db()
    other.refresh_from_db()
    assert (product.tax_rate, other.tax_rate) == (Decimal("0.06"), Decimal("0.13"))
    with pytest.raises(BadMasterData), transaction.atomic():
        set_tax_rate(tax_class_id=taxed.id, starts_on=date(2026, 6, 1), rate=Decimal(0), by=director, at=AT)
    with pytest.raises(BadMasterData), transaction.atomic():
        set_tax_rate(tax_class_id=taxed.id, starts_on=date(2027, 1, 1), rate=Decimal(1), by=director, at=AT)


def test_attributes_belong_to_the_category_and_are_checked(director):
    terms = [AttributeTerms("保质期", "number", "天"), AttributeTerms("包装", "choice", "", ["瓶", "袋"])]
    category = save_category(category=a_category(), attributes=terms, by=director, at=AT)
    days, pack = CategoryAttribute.objects.order_by("position")
    product = a_product(category=category)
    set_attributes(product=product, values={days.id: "５４0", pack.id: "袋"}, by=director, at=AT)
    assert set(ProductAttribute.objects.values_list("value", flat=True)) == {"540", "袋"}
    for values in ({days.id: "long"}, {pack.id: "桶"}):
        with pytest.raises(BadProduct), transaction.atomic():
            set_attributes(product=product, values=values, by=director, at=AT)
    save_category(category=category, attributes=terms[:1], by=director, at=AT)
    assert ProductAttribute.objects.get().value == "540"


@pytest.mark.parametrize(
    "terms",
    [
        [AttributeTerms("a", "colour")],
        [AttributeTerms("a", "choice")],
        [AttributeTerms("a", "text"), AttributeTerms("a", "text")],
    ],
)
def test_a_wrong_attribute_is_refused(director, terms):
    with pytest.raises(BadMasterData), transaction.atomic():
        save_category(category=Category(code="c", name="c"), attributes=terms, by=director, at=AT)


def test_a_code_is_used_once(director):
    a_category("soy")
    with pytest.raises(MasterDataExists), transaction.atomic():
        save_category(category=Category(code="soy", name="x"), by=director, at=AT)


def test_units_and_barcodes_are_replaced_together(director):
    product = a_product()
    given = {"product": product, "by": director, "at": AT}
    set_units_and_barcodes(units={"箱": 12}, barcodes=[(EAN, "箱")], **given)
    unit = Unit.objects.get()
    set_units_and_barcodes(units={"箱": 12}, barcodes=[(EAN, "箱")], **given)
    assert Unit.objects.get() == unit
    set_units_and_barcodes(units={"箱": 24}, barcodes=[(EAN, "")], **given)
    assert (Unit.objects.get().factor, Barcode.objects.get().unit) == (24, None)
    with pytest.raises(BadProduct), transaction.atomic():
        set_units_and_barcodes(units={}, barcodes=[("6901234567890", "")], **given)
    assert Barcode.objects.get().code == EAN


def test_a_portfolio_takes_products_by_any_name(director):
    one, two = a_product("A-1", name="生抽"), a_product("B-2", name="蚝油")
    Barcode.objects.create(product=two, code=EAN)
    found, unknown = products_named(["a-1", EAN, "nothing", "生抽"])
    assert ({key: row.id for key, row in found.items()}, unknown) == (
        {"a-1": one.id, EAN: two.id, "生抽": one.id},
        ["nothing"],
    )
    terms = {"name": "P", "starts_on": None, "until": None, "by": director, "at": AT}
    portfolio = save_portfolio(code="P", **terms)
    products = list(Product.objects.all())
    assert add_products(portfolio_id=portfolio.id, products=products, by=director, at=AT) == 2
    assert add_products(portfolio_id=portfolio.id, products=products, by=director, at=AT) == 0
    assert remove_products(portfolio_id=portfolio.id, skus=["A-1"], by=director, at=AT) == 1
    with pytest.raises(PortfolioExists), transaction.atomic():
        save_portfolio(code="P", **terms)
    ends_first = {"starts_on": date(2026, 2, 1), "until": date(2026, 1, 1)}
    with pytest.raises(BadPortfolio), transaction.atomic():
        save_portfolio(code="Q", **terms | ends_first)
