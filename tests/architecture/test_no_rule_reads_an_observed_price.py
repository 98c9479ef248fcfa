"""Own, advised and observed prices are different things, and no rule may read the third.

Fixing a third party's resale price is presumed illegal. So no name in the rules of prices,
rebates, tiers and guarantees, and no column that their statements name, may tell what a dealer or
member really charged its own customers.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

RULES = ("pricing", "rebates", "dealers/domain", "alliance", "ordering/domain", "ledger/domain", "kernel")
OBSERVED = re.compile(r"observ|street_price|sell_?out_price|(?<!advised_)(?<!advised)resale|retail_price")
SPOKEN = re.compile(r"[a-z_]+")


def named_in(source: str) -> Iterator[str]:
    """Every identifier, and every word of a string that is no docstring."""
    tree = ast.parse(source)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    labels = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "gettext", "gettext_lazy"}
        for argument in node.args
    }
    for node in ast.walk(tree):
        for name in ("id", "arg", "attr", "name"):
            if isinstance(value := getattr(node, name, None), str):
                yield value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose | labels:
            yield from SPOKEN.findall(node.value.lower())


def files() -> list[Path]:
    found = [file for room in RULES for file in Path(settings.BASE_DIR, room).rglob("*.py")]
    return [file for file in found if "migrations" not in file.parts]


def test_no_rule_names_an_observed_price():
    assert len(files()) > 60
    guilty = {
        (str(file), name)
        for file in files()
        for name in named_in(file.read_text("utf-8"))
        if OBSERVED.search(name)
    }
    assert guilty == set()


@pytest.mark.parametrize(
    "source",
    [
        "class Sale:\n    observed_price: int",
        "def tier(score, observed): ...",
        "def rate(sale):\n    return sale.resale_price",
        "cursor.execute('SELECT street_price FROM field_visit')",
    ],
)
def test_a_rule_that_did_would_be_found(source):
    assert any(OBSERVED.search(name) for name in named_in(source))


def test_the_tables_of_the_rules_keep_own_and_advised_prices_apart():
    columns = {
        f"{model._meta.label}.{field.name}"
        for room in ("pricing", "rebates", "alliance", "dealers")
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.local_fields
        if re.search(r"price|resale|spread", field.name)
    }
    assert columns == {
        "pricing.DryRun.price_list",
        "pricing.PriceEntry.advised_resale",
        "pricing.PriceEntry.price",
        "pricing.PriceEntry.price_list",
        "rebates.PriceDrop.price_list",
        "rebates.PriceDropLayer.price",
        "rebates.PriceDropLine.price_after",
        "rebates.PriceDropLine.price_before",
        "alliance.SpreadTerm.advised_resale",
    }
