"""Activate and end rebate programs. The rule of a program is fixed when it becomes active."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.rights import Actor
from approvals.domain.rules import FieldChange
from approvals.models import Approval
from approvals.operations.requesting import request_approval
from audit.operations.recording import record
from kernel.refusals import Refusal
from rebates.audit_actions import ProgramAction
from rebates.models import Program
from tenancy.context import joined_transaction
from tenancy.queries import day_of_tenant

ACTIVATE = "rebates.activate"
BEGINS, ENDS, STEPS, CAP, FOR_WHOM = (
    gettext_noop("From"),
    gettext_noop("Valid through"),
    gettext_noop("Rebate steps"),
    gettext_noop("Cap"),
    gettext_noop("For whom"),
)


class NoSuchProgram(Refusal):
    code = "not_found"


class ProgramState(Refusal):
    code = "wrong_state"


class InvalidProgram(Refusal):
    code = "invalid_program"


def activate_program(*, program_id: UUID, by: Actor, at: datetime) -> Program | Approval:
    """Activate a draft, or request it: a second person approves the manufacturer's programs.

    Raises NoSuchProgram, ProgramState, InvalidProgram, and what `request_approval` raises.
    """
    with joined_transaction():
        program = _activatable(program_id, by=by)
        values = {"program_id": str(program.id)}
        waiting = request_approval(
            ACTIVATE,
            program,
            title=f"{program.code} {program.name}",
            values=values,
            changes=_changes(program, day_of_tenant(at)),
            by=by,
            at=at,
        )
        return waiting or apply_program(values, by=by, at=at)


def apply_program(values: dict[str, Any], *, by: Actor, at: datetime) -> Program:
    """Put a draft into force whose tiers the rule can read."""
    with joined_transaction():
        program = _activatable(UUID(values["program_id"]), by=by)
        record(ProgramAction.ACTIVATE, program, by=by, at=at, code=program.code)
        return _moved(program, Program.State.ACTIVE)


def program_now(values: dict[str, Any]) -> dict[str, Any]:
    """Lock a program and return its terms as JSON; {} if it is gone."""
    program = Program.objects.select_for_update(no_key=True).filter(id=values["program_id"]).first()
    if program is None:
        return {}
    products = program.products.order_by("product__sku").values_list("product__sku", flat=True)
    return {
        **program.terms(),
        "state": program.state,
        "seller": str(program.seller_id),
        "measure": program.measure,
        "audience": [program.audience_kind, program.audience_value],
        "term": [str(program.starts_on), str(program.until)],
        "every": [program.settled_every, program.starts_anew],
        "products": list(products),
    }


def _activatable(program_id: UUID, *, by: Actor) -> Program:
    by.must("rebate.edit")
    program = _locked(program_id, Program.State.DRAFT)
    try:
        program.clean()
    except ValidationError as error:
        raise InvalidProgram("; ".join(error.messages), field=next(iter(error.message_dict))) from error
    return program


def _changes(program: Program, today: date) -> list[FieldChange]:
    """Return the terms as the approver reads them; a first day in the past is marked."""
    begins = str(program.starts_on)
    if program.starts_on < today:
        begins += f" ({(program.starts_on - today).days} d)"
    steps = "; ".join(f"{step.get('from')}: {step.get('rate', step.get('amount'))}" for step in program.tiers)
    cap = "∞" if program.cap is None else f"{program.cap:.2f}"
    audience = f"{program.get_audience_kind_display()} {program.audience_value}".strip()
    return [
        FieldChange(BEGINS, "—", begins),
        FieldChange(ENDS, "—", str(program.until - timedelta(days=1))),
        FieldChange(STEPS, "—", f"{program.get_method_display()}, {program.get_measure_display()}: {steps}"),
        FieldChange(CAP, "—", cap),
        FieldChange(FOR_WHOM, "—", audience),
    ]


def end_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """End an active program; its due periods are still settled. Raises NoSuchProgram, ProgramState."""
    by.must("rebate.edit")
    with joined_transaction():
        program = _locked(program_id, Program.State.ACTIVE)
        record(ProgramAction.END, program, by=by, at=at, code=program.code)
        return _moved(program, Program.State.ENDED)


def _locked(program_id: UUID, state: Program.State) -> Program:
    program: Program | None = Program.objects.select_for_update(no_key=True).filter(id=program_id).first()
    if program is None:
        raise NoSuchProgram(_("There is no such program."), field="program")
    if program.state != state:
        message = _("This program is %(state)s.") % {"state": Program.State(program.state).label}
        raise ProgramState(message, field="state")
    return program


def _moved(program: Program, state: Program.State) -> Program:
    program.state = state
    program.save(update_fields=["state"])
    return program
