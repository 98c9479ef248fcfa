"""The badge of a contract's stage: its state and, once signed by all, what its dates make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.domain.life import Stage, stage_of
from alliance.models import Contract
from alliance.models.ending import BY_A_PERSON, EndedBy, EndReason
from alliance.web.labels import state_badge
from ui.web.components import Badge


def stage(contract: Contract, *, is_replaced: bool = False, today: date | None = None) -> Stage:
    """Return the stage of a contract today."""
    return stage_of(
        state=contract.state,
        starts_on=contract.starts_on,
        until=contract.until,
        today=today or timezone.localdate(),
        is_replaced=is_replaced,
    )


def stage_badge(contract: Contract, *, is_replaced: bool = False, today: date | None = None) -> Badge:
    """Return the badge of the stage: a signed contract is in force only from its first day on."""
    now = stage(contract, is_replaced=is_replaced, today=today)
    if now == Stage.SIGNED:
        day = date_format(contract.starts_on, "SHORT_DATE_FORMAT")
        return Badge(_("signed, begins on %(day)s") % {"day": day}, "info", "calendar-event")
    if contract.ended_on is not None and contract.end_reason in BY_A_PERSON:
        if now == Stage.ENDED:
            return Badge(_("ended early"), "bad", "ban")
        last = date_format(contract.until - timedelta(days=1), "SHORT_DATE_FORMAT")
        return Badge(_("ends early on %(day)s") % {"day": last}, "warn", "calendar-x")
    if now == Stage.EXPIRING:
        return Badge(_("expiring"), "warn", "hourglass")
    if now == Stage.ENDED and contract.end_reason == EndReason.REPLACED:
        return Badge(_("replaced"), "", "versions")
    return state_badge(Contract.State.ENDED if now == Stage.ENDED else contract.state)


@dataclass(frozen=True, slots=True)
class Life:
    """What the page of a contract says about its end, and whether a renewal is to be offered."""

    ends_early: bool = False
    last_day: date | None = None
    reason: str = ""
    note: str = ""
    ended_by: str = ""
    notice_days: int | None = None
    unannounced: bool = False
    renewable: bool = False
    days_left: int = 0


def life_of(contract: Contract, *, is_replaced: bool, today: date) -> Life:
    """Return what the page says about the end of a contract that was signed by all."""
    last_day = contract.until - timedelta(days=1)
    if contract.ended_on is not None and contract.end_reason in BY_A_PERSON:
        noticed = contract.end_notice_on or contract.ended_on
        given = max(0, (contract.ended_on - noticed).days)
        return Life(
            ends_early=True,
            last_day=contract.ended_on - timedelta(days=1),
            reason=str(EndReason(contract.end_reason).label),
            note=contract.end_note,
            ended_by=str(EndedBy(contract.ended_by_role).label) if contract.ended_by_role else "",
            notice_days=given,
            unannounced=given < contract.notice_days,
        )
    now = stage(contract, is_replaced=is_replaced, today=today)
    return Life(last_day=last_day, renewable=now == Stage.EXPIRING, days_left=(contract.until - today).days)
