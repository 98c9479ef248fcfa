"""Operations that draft the channel plan of a year: its targets, and the objectives of dealers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.rights import DEALER, Actor
from alliance.audit_actions import PlanAction
from alliance.domain.channel_plan import BadMonths, check_months, even_months
from alliance.models import ChannelPlan, PlanMetric, PlanObjective, PlanTarget
from audit.operations.recording import record
from catalogue.models import Category, Portfolio
from dealers.models import Channel, Party, Region
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_AMOUNT = Decimal(10) ** 11
MAX_TARGETS = 500


class BadPlan(Refusal):
    code = "bad_plan"


class PlanExists(Refusal):
    code = "conflict"


class UnknownPlan(Refusal):
    code = "not_found"


class WrongPlanState(Refusal):
    code = "wrong_state"


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target of a plan by codes. Without `months` the year is divided evenly."""

    region: str
    metric: str
    annual: Decimal
    channel: str = ""
    category: str = ""
    portfolio: str = ""
    months: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class NewObjective:
    """The amount that a party (its code) is to reach."""

    party: str
    amount: Decimal


def draft_plan(*, code: str, name: str, year: int, by: Actor, at: datetime) -> ChannelPlan:
    """Save a new plan of a year. Raise BadPlan, or PlanExists for a code in use."""
    by.must("plan.edit")
    code, name = code.strip()[:40], name.strip()[:100]
    if not code:
        raise BadPlan(_("A plan has a code."), field="code")
    if not name:
        raise BadPlan(_("A plan has a name."), field="name")
    if not 2000 <= year <= 2100:
        raise BadPlan(_("Give the year with four digits."), field="year")
    with joined_transaction():
        try:
            with transaction.atomic():
                plan: ChannelPlan = ChannelPlan.objects.create(code=code, name=name, year=year)
        except IntegrityError as error:
            message = _("There is a plan with the code %(code)s already.") % {"code": code}
            raise PlanExists(message, field="code") from error
        record(PlanAction.DRAFT, plan, by=by, at=at, code=code, year=year)
    return plan


def set_targets(*, plan_id: UUID, targets: Sequence[NewTarget], by: Actor, at: datetime) -> int:
    """Replace the targets of a draft; return their number.

    A target that stays keeps its objectives. Raise BadPlan with the field, such as `targets[1].region`.
    """
    with joined_transaction():
        plan = locked_plan(plan_id, ChannelPlan.State.DRAFT, right="plan.edit", by=by)
        rows = _read(plan, targets)
        stored = {_key(row): row for row in PlanTarget.objects.filter(plan=plan)}
        wanted = {_key(row): row for row in rows}
        gone = [row.id for key, row in stored.items() if key not in wanted]
        PlanTarget.objects.filter(id__in=gone).delete()
        staying = [row for key, row in stored.items() if key in wanted]
        for row in staying:
            row.annual, row.months = wanted[_key(row)].annual, wanted[_key(row)].months
        PlanTarget.objects.bulk_update(staying, ["annual", "months"])
        PlanTarget.objects.bulk_create(row for key, row in wanted.items() if key not in stored)
        record(PlanAction.SET_TARGETS, plan, by=by, at=at, code=plan.code, targets=len(rows))
    return len(rows)


def set_objectives(*, target_id: UUID, objectives: Sequence[NewObjective], by: Actor, at: datetime) -> int:
    """Replace the dealers' objectives of a target of a draft; return their number."""
    by.must("plan.edit")
    with joined_transaction():
        target = PlanTarget.objects.visible_to(by).filter(id=target_id).first()
        if target is None:
            raise UnknownPlan(_("There is no such target."), field="target")
        plan = locked_plan(target.plan_id, ChannelPlan.State.DRAFT, right="plan.edit", by=by)
        parties = read_parties(objectives, Party.objects.visible_to(by).filter(kind=DEALER))
        target.objectives.all().delete()
        PlanObjective.objects.bulk_create(
            PlanObjective(target=target, party_id=party_id, amount=one.amount)
            for one, party_id in zip(objectives, parties, strict=True)
        )
        facts = {"target_id": str(target.id), "objectives": len(objectives)}
        record(PlanAction.SET_OBJECTIVES, plan, by=by, at=at, code=plan.code, **facts)
    return len(objectives)


def locked_plan(plan_id: UUID, *states: ChannelPlan.State, right: str, by: Actor) -> ChannelPlan:
    """Lock and return a plan in one of the states. Raise UnknownPlan or WrongPlanState."""
    by.must(right)
    visible = ChannelPlan.objects.visible_to(by).filter(id=plan_id).values("id")
    found = ChannelPlan.objects.select_for_update(no_key=True).filter(id__in=visible).first()
    if found is None:
        raise UnknownPlan(_("There is no such plan."), field="plan")
    if found.state not in states:
        message = _("The plan is %(state)s.") % {"state": found.get_state_display()}
        raise WrongPlanState(message, state=found.state)
    plan: ChannelPlan = found
    return plan


def read_parties(objectives: Sequence[NewObjective], parties: object) -> list[UUID]:
    """Return the ids of the parties of objectives, in order. Raise BadPlan with the field."""
    rows = parties.filter(code__in={one.party for one in objectives})  # type: ignore[attr-defined]  # a query set
    known: dict[str, UUID] = dict(rows.values_list("code", "id"))
    found: list[UUID] = []
    for place, one in enumerate(objectives):
        where = f"objectives[{place}]"
        if one.party not in known:
            raise BadPlan(_("There is no such partner here."), field=f"{where}.party")
        if known[one.party] in found:
            raise BadPlan(_("This is there twice."), field=f"{where}.party")
        if not is_amount(one.amount):
            message = _("Give an amount of zero or more with at most 2 places.")
            raise BadPlan(message, field=f"{where}.amount")
        found.append(known[one.party])
    return found


def is_amount(amount: Decimal) -> bool:
    """Return whether an amount can be stored: not negative, with at most two places."""
    return 0 <= amount < MAX_AMOUNT and amount == round(amount, 2)


def _key(row: PlanTarget) -> tuple[object, ...]:
    return row.region_id, row.channel_id, row.category_id, row.portfolio_id, row.metric


def _read(plan: ChannelPlan, targets: Sequence[NewTarget]) -> list[PlanTarget]:
    if len(targets) > MAX_TARGETS:
        message = _("A plan has at most %(count)s targets.") % {"count": MAX_TARGETS}
        raise BadPlan(message, field="targets")
    regions = Region.objects.in_bulk({one.region for one in targets})
    channels = dict(Channel.objects.values_list("code", "id"))
    categories = dict(Category.objects.values_list("code", "id"))
    portfolios = dict(Portfolio.objects.values_list("code", "id"))
    rows: list[PlanTarget] = []
    used = set()
    for place, one in enumerate(targets):
        where = f"targets[{place}]"
        if one.region not in regions:
            raise BadPlan(_("There is no such region."), field=f"{where}.region")
        if one.metric not in PlanMetric.values:
            raise BadPlan(_("Choose what it is measured by."), field=f"{where}.metric")
        for name, known, message in (
            ("channel", channels, _("There is no such channel.")),
            ("category", categories, _("There is no such category.")),
            ("portfolio", portfolios, _("There is no such portfolio.")),
        ):
            if getattr(one, name) and getattr(one, name) not in known:
                raise BadPlan(message, field=f"{where}.{name}")
        if (one.metric == PlanMetric.PORTFOLIO) != bool(one.portfolio):
            message = _("A target for products of a portfolio names it, and only such a target does.")
            raise BadPlan(message, field=f"{where}.portfolio")
        row = PlanTarget(
            plan=plan,
            region=regions[one.region],
            channel_id=channels.get(one.channel),
            category_id=categories.get(one.category),
            portfolio_id=portfolios.get(one.portfolio),
            metric=one.metric,
            annual=one.annual,
            months=_months(one, where),
        )
        if _key(row) in used:
            raise BadPlan(_("This is there twice."), field=f"{where}.region")
        used.add(_key(row))
        rows.append(row)
    return rows


def _months(one: NewTarget, where: str) -> list[Decimal]:
    if not is_amount(one.annual) or not one.annual:
        raise BadPlan(_("Give an amount above zero with at most 2 places."), field=f"{where}.annual")
    if not one.months:
        return even_months(one.metric, one.annual)
    if not all(map(is_amount, one.months)):
        raise BadPlan(_("Give an amount of zero or more with at most 2 places."), field=f"{where}.months")
    try:
        check_months(one.metric, one.annual, one.months)
    except BadMonths as error:
        message = _("The twelve months do not add up to the year; of outlets and products one reaches it.")
        raise BadPlan(message, field=f"{where}.months") from error
    return list(one.months)
