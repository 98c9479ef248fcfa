"""Activate and end rebate programs. The rule of a program is fixed when it becomes active."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.rights import Actor
from audit.operations.recording import record
from kernel.refusals import Refusal
from rebates.audit_actions import ProgramAction
from rebates.models import Program
from tenancy.context import joined_transaction


class NoSuchProgram(Refusal):
    code = "not_found"


class ProgramState(Refusal):
    code = "wrong_state"


class InvalidProgram(Refusal):
    code = "invalid_program"


def activate_program(*, program_id: UUID, by: Actor, at: datetime) -> Program:
    """Activate a draft whose tiers the rule can read. Raises NoSuchProgram, ProgramState, InvalidProgram."""
    by.must("rebate.edit")
    with joined_transaction():
        program = _locked(program_id, Program.State.DRAFT)
        try:
            program.clean()
        except ValidationError as error:
            raise InvalidProgram("; ".join(error.messages), field=next(iter(error.message_dict))) from error
        record(ProgramAction.ACTIVATE, program, by=by, at=at, code=program.code)
        return _moved(program, Program.State.ACTIVE)


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
