"""Where text becomes a number or a day outside the one reader of typed input, and why each place may.

`conversions()` walks the product's code. A conversion is

1. a form field or filter of Django that reads numbers or days by itself (`forms.DecimalField`,
   `django_filters.DateFilter`), `parse_date`, `strptime`, and a test by `isdigit`, `isdecimal` or
   `isnumeric`: anywhere outside `kernel`;
2. `int()`, `Decimal()`, `float()` or `date.fromisoformat()` of anything but a constant, in code that meets
   what people type or upload: the floors web, api, admin and management, and the packages of ENTRANCES.
   Left out is the number of something that is a number already (NUMBERS): `int(moment.timestamp())`.

ALLOWED names the functions that may, by reason. What a request carries (`request.POST`) is never allowed.
Bodies of the API are JSON, read by `kernel.cases`, or by serializers of which `request_serializers()` are
those that read requests.
"""

import ast
from importlib import import_module
from pathlib import Path

from rest_framework import serializers

ROOT = Path(__file__).parents[2]
READERS = {"ui/web/typed_input.py", "ui/web/typed_filters.py", "ui/web/typed_serializers.py"}
FLOORS = {"web", "api", "admin", "management"}
ENTRANCES = (
    "ui/",
    "imports/",
    "simulations/",
    "ordering/domain/quick_order/",
    "pricing/domain/price_table.py",
)
FIELDS = {
    "forms": {"DecimalField", "IntegerField", "FloatField", "DateField", "DurationField"},
    "django_filters": {
        "DateFilter",
        "NumberFilter",
        "RangeFilter",
        "NumericRangeFilter",
        "DateFromToRangeFilter",
    },
}
PARSERS = {"parse_date", "strptime", "isdigit", "isdecimal", "isnumeric"}
CASTS = {"int", "Decimal", "float"}
NUMBERS = {
    "timestamp",
    "total_seconds",
    "count",
    "rowcount",
    "exponent",
    "factor",
    "read_number",
    "to_integral_value",
}
REQUEST = {"POST", "GET", "query_params", "cleaned_data", "getlist"}

STORED = "figures and days that the program wrote as text: facts of rows, cursors and results of jobs"
ANSWERS = "figures of a case or an answer, which the case's reader has checked"
FORMATS = "formats a number that the program has computed"
DIGITS = "a code of digits, such as a barcode or a region; its value as a number is never used"
PLACES = "the index in a field's path that the program itself made: lines[3]"
ALLOWED = {
    STORED: (
        "alliance/web/change_words.py:change_side",
        "alliance/web/guarantee_words.py:_event_words",
        "alliance/web/guarantee_words.py:guarantee_sentence",
        "alliance/web/guarantee_words.py:_income_words",
        "alliance/web/clause_words.py:_kpi",
        "alliance/web/guarantee_words.py:_remedy",
        "alliance/web/clause_words.py:_rule",
        "alliance/web/clause_words.py:_spread",
        "alliance/web/clause_words.py:_term",
        "alliance/web/clause_words.py:chapters_of",
        "alliance/web/guarantee_words.py:money",
        "alliance/web/clause_words.py:percent",
        "alliance/web/labels.py:_corrected",
        "alliance/web/measuring.py:measured_url",
        "alliance/web/labels.py:_moment",
        "dealers/web/tiers.py:dimensions_of",
        "dealers/web/tiers.py:sentences_of",
        "dealers/web/tiers.py:chart_of",
        "imports/management/commands/import_sales.py:Command._report",
        "imports/operations/sales/job.py:import_step",
        "imports/operations/sales/job.py:_step",
        "ledger/api/serializers.py:OpenItemSerializer.get_open",
        "ordering/api/response_bodies.py:manual_price_body",
        "ordering/domain/quick_order/changes.py:filled_of",
        "ordering/web/line_reasons.py:_reasons",
        "ordering/web/order_situation.py:_held",
        "ordering/web/quick_order/lookups.py:why",
        "ordering/web/quick_order/placing.py:_hold_reasons",
        "pricing/web/scheme_terms.py:steps_as_text",
        "rebates/web/lists.py:exception_of",
        "rebates/web/statements.py:equation_of",
        "rebates/web/statements.py:parts_of",
        "rebates/web/measures.py:base_text",
        "rebates/web/steps.py:program_steps",
        "ui/web/exports.py:write_step",
        "ui/web/exports.py:_workbook",
        "ui/web/keyset.py:pack",
        "ui/web/submit_once.py:prune_sent_forms",
        "accounts/web/reauthentication.py:recently_authenticated.guard.guarded",
    ),
    ANSWERS: (
        "simulations/web/answers.py:money",
        "simulations/web/answers.py:day_of",
        "simulations/web/answers.py:_price_drop",
        "simulations/web/answers.py:_base",
        "simulations/web/answers.py:_rebate",
        "simulations/web/fields.py:rates_by_measure",
        "simulations/web/answers.py:_minimum_income",
        "simulations/web/answers.py:_spread",
        "simulations/web/answers.py:_tier",
        "simulations/web/quote_answers.py:quote",
        "simulations/web/quote_answers.py:_line",
        "simulations/web/quote_answers.py:_sentences",
        "simulations/web/quote_answers.py:_money",
    ),
    FORMATS: (
        "ui/web/components.py:hundredths",
        "ui/web/components.py:sparkline",
        "ui/web/numbers.py:grouped",
        "ui/web/numbers.py:number",
        "ui/web/numbers.py:percent",
        "ui/web/numbers.py:shortened",
    ),
    DIGITS: (
        "accounts/operations/second_factor.py:_digits",
        "catalogue/operations/products.py:_check_code",
        "dealers/queries/parties.py:parties_in",
        "dealers/web/partners.py:RegionField.clean",
        "portal/web/search.py:exact",
        "pricing/domain/price_table.py:_row",
    ),
    PLACES: (
        "alliance/web/forms.py:Typed.add_refusal",
        "alliance/web/plans/forms.py:TypedTargets.add_refusal",
        "pricing/web/grid.py:_from",
        "pricing/web/grid.py:_place_errors",
        "pricing/web/quote.py:_quoted",
    ),
    "a parameter of the API for programs: plain digits only, full width is refused": (
        "ui/api.py:CursorPages.get_page_size",
    ),
    "a moment with a time of day in the format of the data set": ("imports/operations/sales/lines.py:_date",),
}


def modules():
    """Yield the path and the syntax tree of each module of the product."""
    rooms = [
        path for path in ROOT.iterdir() if (path / "__init__.py").is_file() or (path / "apps.py").is_file()
    ]
    for room in sorted(rooms):
        if room.name in {"tests", "ops", "benchmarks", "i18n", "kernel"}:
            continue
        for path in sorted(room.rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in READERS and "/migrations/" not in name:
                yield name, ast.parse(path.read_text("utf-8"))


def conversions():
    """Yield (module:function, the conversion as source, whether it reads a request)."""
    for name, tree in modules():
        for function, node in _nodes(tree, ""):
            if _is_field_or_parser(node) or (_meets_people(name) and _is_cast(node)):
                yield f"{name}:{function}", ast.unparse(node), _reads_request(node)


def _nodes(node, function):
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, (ast.FunctionDef, ast.ClassDef)) else ""
        name = ".".join(filter(None, (function, inner)))
        yield name, child
        yield from _nodes(child, name)


def _meets_people(name):
    floors = set(Path(name).with_suffix("").parts[1:])
    return bool(floors & FLOORS) or name.startswith(ENTRANCES)


def _is_field_or_parser(node):
    owner = getattr(getattr(node, "value", None), "id", "")
    if isinstance(node, ast.Attribute) and node.attr in FIELDS.get(owner, ()):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return called in PARSERS


def _is_cast(node):
    if not isinstance(node, ast.Call) or not node.args:
        return False
    source, [value, *_more] = ast.unparse(node.func), node.args
    if source not in CASTS and source not in {"date.fromisoformat", "datetime.fromisoformat"}:
        return False
    inner = value.func if isinstance(value, ast.Call) else value
    known = inner.attr if isinstance(inner, ast.Attribute) else getattr(inner, "id", "")
    return not isinstance(value, (ast.Constant, ast.UnaryOp)) and known not in NUMBERS


def _reads_request(node):
    names = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    return bool(names & REQUEST)


def request_serializers():
    """Yield the serializers of the API that read a request: those that a view gives `data`."""
    for name, tree in modules():
        if "/api/" not in name:
            continue
        module = import_module(name.removesuffix(".py").replace("/", "."))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and any(one.arg == "data" for one in node.keywords):
                found = getattr(module, getattr(node.func, "id", ""), None)
                if isinstance(found, type) and issubclass(found, serializers.BaseSerializer):
                    yield found


def fields_of(serializer):
    """Yield each field of a serializer, those of its nested ones too."""
    for name, field in serializer().fields.items():
        inner = getattr(field, "child", field)
        yield f"{serializer.__name__}.{name}", inner
        if isinstance(inner, serializers.BaseSerializer):
            yield from fields_of(type(inner))
