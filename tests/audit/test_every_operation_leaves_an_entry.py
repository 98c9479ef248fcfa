"""Every operation that acts for somebody (`by`) records it, itself or by the operation that it calls."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from django.apps import apps

from audit.registry import registered_actions

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDING = {("audit.operations.recording", name) for name in ("record", "record_many", "entry_columns")}
WITHOUT = {
    "accounts.operations.inbox.choose_ways": "the person's own preference",
    "accounts.operations.inbox.mark_all_read": "the person's own messages",
    "accounts.operations.inbox.mark_read": "the person's own messages",
    "accounts.operations.inbox.set_hook": "the person's own preference",
    "alliance.operations.applying.write_entry": "the timeline's entry of the operation that records",
    "alliance.operations.drafting.locked_contract": "locks for the operation that records",
    "alliance.operations.duty_round.run_day": "creates what falls due by schedule; nobody acts",
    "rebates.operations.price_drops.replies.lock_claim": "locks for the operation that records",
    "alliance.operations.plans.drafting.locked_plan": "locks for the operation that records",
    "assortment.operations.ideas.vote_for": "a vote binds nobody; the answer to the idea is recorded",
    "catalogue.operations.master_data.apply_tax_rates": "applies recorded rates by schedule",
    "ledger.operations.temporary_credit.announce_begun": "announces a recorded grant by schedule",
    "approvals.operations.requesting.must_be_another": "checks, writes nothing",
    "dealers.operations.people.must_govern": "checks, writes nothing",
    "integrations.operations.api_keys.grantable": "reads, writes nothing",
    "integrations.operations.idempotency_pruning.prune_answers": "forgets old answers of the API by schedule",
    "ordering.operations.return_posting.credit": "the posting of a return, which is recorded",
    "ordering.operations.carts.discard_cart": "a draft binds nobody; the order placed from it is recorded",
    "ordering.operations.carts.open_cart": "a draft binds nobody; the order placed from it is recorded",
    "ordering.operations.carts.save_cart": "a draft binds nobody; the order placed from it is recorded",
    "ordering.operations.carts.save_locked": "a draft binds nobody; the order placed from it is recorded",
    "ordering.operations.carts.lock_cart": "locks for the operation that records",
    "ordering.operations.manual_prices.must_override": "checks, writes nothing",
    "ordering.operations.manual_prices.price_override": "checks, writes nothing",
    "ordering.operations.order_writer.commitment": "makes the posting of an order, writes nothing",
    "ledger.operations.receipts.must_sell": "checks, writes nothing",
    "ordering.operations.locking.must_be_side": "checks, writes nothing",
    "ordering.operations.repeated_orders.repeated_order": "reads, writes nothing",
    "ordering.operations.locking.lock_order": "locks for the operation that records",
    "ordering.operations.trade_terms.must_trade": "checks, writes nothing",
    "ordering.operations.bulk.run_on_orders": "calls the operation that it is given, which records",
    "pricing.operations.list_uploads.request_application": "the job that takes the upload over records it",
    "pricing.operations.list_uploads.request_comparison": "binds nobody; the take-over is recorded",
    "pricing.operations.price_lists.locked_draft": "locks for the operation that records",
    "pricing.operations.price_lists.locked_list": "locks for the operation that records",
    "pricing.operations.sellers.must_price_for": "checks, writes nothing",
    "pricing.operations.dry_run.demands.demanded_run": "checks, writes nothing",
    "pricing.operations.dry_run.demands.record_publication": "part of the publication, which records",
    "jobs.operations.files.prune_files": "deletes old export files by schedule",
    "jobs.operations.schedules.run_round": "makes the calls that rooms registered, which record",
    "ordering.operations.drafts.save_draft": "a draft binds nobody; the order placed from it is recorded",
    "tenancy.operations.partitions.warn_of_missing_partitions": "logs a warning, writes nothing",
    "jobs.operations.jobs.request_job": "below the trail: the room that asks for the job records it",
    "jobs.operations.jobs.resume_job": "below the trail: audit.operations.job_control listens",
    "jobs.operations.jobs.stop_job": "below the trail: audit.operations.job_control listens",
}
Name = tuple[str, str]


def rooms() -> set[str]:
    """Return the packages of the project that are no tests or tools."""
    return {one.parent.name for one in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks", "ops"}


@cache
def sources() -> dict[str, ast.Module]:
    """Return each module of the rooms, by its dotted name, parsed."""
    files = [file for room in rooms() for file in (ROOT / room).rglob("*.py")]
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts): ast.parse(file.read_text("utf-8"))
        for file in files
        if "migrations" not in file.parts
    }


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef)}


def imports_of(tree: ast.Module) -> dict[str, Name]:
    """Return what each imported name stands for: (module, name)."""
    return {
        alias.asname or alias.name: (statement.module or "", alias.name)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
    }


@cache
def calls() -> dict[Name, set[Name]]:
    """Return the functions that each function of the rooms calls by name."""
    graph: dict[Name, set[Name]] = {}
    for module, tree in sources().items():
        known = imports_of(tree) | {name: (module, name) for name in functions_of(tree)}
        for name, function in functions_of(tree).items():
            called = {
                one.func.id
                for one in ast.walk(function)
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
            }
            graph[module, name] = {known[one] for one in called if one in known}
    return graph


def reaches_the_trail(start: Name) -> bool:
    waiting, visited = [start], set()
    while waiting:
        one = waiting.pop()
        if one in RECORDING:
            return True
        if one not in visited:
            visited.add(one)
            waiting += calls().get(one, ())
    return False


def operations() -> set[Name]:
    """Return the public functions that act for somebody: those of `operations` with a parameter `by`."""
    return {
        (module, name)
        for module, tree in sources().items()
        for name, function in functions_of(tree).items()
        if ".operations" in module and not module.startswith("audit.") and not name.startswith("_")
        if "by" in {one.arg for one in (*function.args.args, *function.args.kwonlyargs)}
    }


def test_every_operation_reaches_the_trail_or_is_listed_with_its_reason():
    silent = {".".join(one) for one in operations() if not reaches_the_trail(one)}
    assert len(operations()) > 60
    assert silent == set(WITHOUT)


def test_an_operation_that_records_nothing_would_be_found():
    assert reaches_the_trail(("ordering.operations.placing", "place_order"))
    assert reaches_the_trail(("dealers.operations.people", "add_person"))
    assert not reaches_the_trail(("ordering.operations.carts", "open_cart"))


def test_every_registered_action_is_recorded_somewhere():
    declared = {
        (choices.__name__, action.name)
        for config in apps.get_app_configs()
        for choices in getattr(config, "audit_actions", ())
        for action in choices
    }
    used = {
        (one.value.id, one.attr)
        for tree in sources().values()
        for one in ast.walk(tree)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    }
    assert len(declared) == len(registered_actions())
    assert declared - used == set()


def test_every_class_of_actions_is_registered():
    declared = {
        one.name
        for module, tree in sources().items()
        if module.endswith(".audit_actions")
        for one in tree.body
        if isinstance(one, ast.ClassDef)
    }
    registered = {
        choices.__name__
        for config in apps.get_app_configs()
        for choices in getattr(config, "audit_actions", ())
    }
    assert declared == registered


def test_nobody_writes_the_trail_but_the_recording():
    """Outside audit no room names its table, and none makes its rows."""
    strangers = []
    for module, tree in sources().items():
        if module.startswith("audit."):
            continue
        for one in ast.walk(tree):
            text = one.value if isinstance(one, ast.Constant) else ""
            called = ast.unparse(one.func) if isinstance(one, ast.Call) else ""
            if "audit_auditentry" in str(text) or called.startswith("AuditEntry"):
                strangers.append(module)
    assert strangers == []
