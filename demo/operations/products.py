"""Create brands, categories and products with their units, barcodes and stages."""

from __future__ import annotations

from decimal import Decimal

from stdnum import ean

from catalogue.models import Barcode, Brand, Category, Product, Unit, UnitName
from catalogue.operations.products import index_products, product_search
from demo.operations.names import CATEGORIES, ENGLISH, FACTORS, UNIT_NAMES
from demo.operations.scenario import Plan

PALLET = 48
TRIAL_EVERY, ENDING_EVERY = 37, 41


def make_goods(plan: Plan) -> str:
    brands = [Brand(name=name, name_en=ENGLISH[name]) for name in ("岭珠", "珠江厨")]
    Brand.objects.bulk_create(brands)
    categories = {
        code: Category(code=code, name=words[0], name_en=ENGLISH[words[0]])
        for code, words in CATEGORIES.items()
    }
    Category.objects.bulk_create(categories.values())
    UnitName.objects.bulk_create(
        UnitName(name=name, name_en=one, plural_en=many) for name, (one, many) in UNIT_NAMES.items()
    )
    products, units, barcodes = [], [], []
    for number, (code, kind, size) in enumerate(_assortment(plan.scale.products), 1):
        _, unit, kinds, sizes = CATEGORIES[code]
        stage = Product.Stage.ACTIVE
        if number % TRIAL_EVERY == 0:
            stage = Product.Stage.TRIAL
        elif number % ENDING_EVERY == 0:
            stage = Product.Stage.ENDING
        product = Product(
            sku=f"LZ-{code}-{kind + 1}{size + 1}",
            name=f"{brands[kind % 2].name}{kinds[kind]}{sizes[size]}",
            category=categories[code],
            brand=brands[kind % 2],
            base_unit=unit if size < 4 else "桶",
            tax_rate=Decimal("0.13"),
            stage=stage,
        )
        product.search = product_search(product)
        products.append(product)
        case = Unit(product=product, name="箱", factor=FACTORS[size])
        units += [case, Unit(product=product, name="托", factor=FACTORS[size] * PALLET)]
        barcodes += [
            Barcode(product=product, code=_barcode(f"20{7000000000 + number}")),
            Barcode(product=product, unit=case, code=_barcode(f"120{7000000000 + number}")),
        ]
    Product.objects.bulk_create(products)
    Unit.objects.bulk_create(units)
    Barcode.objects.bulk_create(barcodes)
    index_products(products)
    return f"{len(products)} 个 SKU"


def _assortment(count: int) -> list[tuple[str, int, int]]:
    """Return (category, kind, size) of `count` products, each category in turn."""
    every = [(code, kind, size) for size in range(5) for kind in range(5) for code in CATEGORIES]
    return every[:count]


def _barcode(digits: str) -> str:
    """Return an in-store number (20…) with its check digit, which no real product has."""
    return digits + str(ean.calc_check_digit(digits))
