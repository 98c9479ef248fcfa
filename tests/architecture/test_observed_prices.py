"""No rule can read an observed resale price: product.md, compliance. Own, advised and observed are apart."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

from pricing.models import Limit, PriceEntry

ROOT = Path(__file__).parents[2]
RULES = [
    *ROOT.glob("pricing/domain/**/*.py"),
    *ROOT.glob("pricing/queries/**/*.py"),
    *ROOT.glob("ordering/domain/**/*.py"),
    *ROOT.glob("ordering/queries/**/*.py"),
    *ROOT.glob("ordering/operations/**/*.py"),
    *ROOT.glob("rebates/domain/**/*.py"),
    *ROOT.glob("dealers/domain/**/*.py"),
    *ROOT.glob("pricing/migrations/*.py"),
]
IDENTIFIER = re.compile(r"observed|market_price|street_price|competitor", re.IGNORECASE)
ROOMS_WITH_RULES = ("pricing", "ordering", "ledger", "dealers", "alliance", "rebates", "catalogue")


def code_of(path: Path) -> str:
    """Return a module without its docstrings and comments; SQL and other texts stay."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def test_there_are_rules_to_look_at():
    assert len(RULES) > 60


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_rule_and_no_query_of_prices_and_orders_names_an_observed_price(path):
    assert not IDENTIFIER.search(code_of(path))


def test_no_rule_imports_a_room_that_records_the_market():
    imported = re.compile(r"^\s*(?:from|import) (field|analytics|care)\b", re.MULTILINE)
    assert not [path for path in RULES if imported.search(path.read_text())]


def test_no_table_that_a_rule_reads_has_an_observed_price():
    columns = [
        f"{model._meta.label}.{field.name}"
        for room in ROOMS_WITH_RULES
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if "price" in field.name and IDENTIFIER.search(field.name)
    ]
    assert columns == []


def test_a_limit_has_no_third_party_to_bind():
    """A limit names its seller, goods and buyers; a resale price is no field of it."""
    fields = {field.name for field in Limit._meta.get_fields()}
    assert not {name for name in fields if "resale" in name or "retail" in name}
    advised = {field.name for field in PriceEntry._meta.get_fields() if "resale" in field.name}
    assert advised <= {"advised_resale"}
