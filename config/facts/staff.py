"""The manufacturer's home: figures, what to do, guarantees, tiers, the latest orders."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Actor
from alliance.models import Contract
from catalogue.models import Product
from config.facts import trade
from config.facts.shapes import Count, Guarantees, TierRow, Tiers, ToDo, list_url
from config.numbers import grouped, shortened
from dealers.models import Party, Tier, TierMonth
from ordering.models import Order
from rebates.models import Statement
from tenancy.models import Job
from tenancy.web.shapes import Kpi, sparkline


def staff_home(actor: Actor, *, now: datetime, currency: str = "CNY") -> dict[str, Any]:
    today = now.date()
    by_state = trade.orders_by_state(actor)
    parties = _parties(actor)
    guarantees = trade.guarantees(actor)
    tiers = _tiers(actor)
    contracts = trade.contracts_by_state(actor)
    return {
        "kpis": _kpis(actor, today, currency, by_state, parties, guarantees),
        "todos": _todos(actor, today, by_state, contracts, tiers),
        "guarantees": guarantees,
        "tiers": tiers,
        "orders": trade.latest_orders(actor, limit=8),
        "orders_url": list_url(Order, actor),
        "counts": _counts(actor, by_state, parties, contracts),
    }


def _parties(actor: Actor) -> dict[str, int]:
    rows = Party.objects.visible_to(actor).filter(is_active=True).order_by()
    return dict(rows.values_list("kind").annotate(Counted("id")))


def _kpis(
    actor: Actor, today: date, currency: str, by_state: Any, parties: dict[str, int], told: Guarantees
) -> list[Kpi]:
    kpis = []
    if actor.may("order.view"):
        kpis.append(_delivered(actor, today, currency))
    if told.month is not None and told.measured:
        kpis.append(
            Kpi(
                label=_("Guarantees kept"),
                value=grouped(Decimal(100) * (told.measured - told.broken) / told.measured, 1),
                unit="%",
                note=ngettext("%(count)d breach in %(month)s", "%(count)d breaches in %(month)s", told.broken)
                % {"count": told.broken, "month": date_format(told.month, "YEAR_MONTH_FORMAT")},
                mood="warn" if told.broken else "good",
                icon="alert-triangle" if told.broken else "circle-check",
            )
        )
    under_way = trade.count_of(by_state, (*trade.NEEDS_SOMEONE, Order.State.PLACED, *trade.ON_ITS_WAY))
    kpis.append(
        Kpi(
            label=_("Orders under way"),
            value=grouped(under_way),
            note=_("%(count)s on their way") % {"count": trade.count_of(by_state, trade.ON_ITS_WAY)},
            url=list_url(Order, actor),
        )
    )
    kpis.append(
        Kpi(
            label=_("Outlets"),
            value=grouped(parties.get(Party.Kind.OUTLET, 0)),
            note=_("%(dealers)s dealers · %(members)s members")
            % {"dealers": parties.get(Party.Kind.DEALER, 0), "members": parties.get(Party.Kind.MEMBER, 0)},
            url=list_url(Party, actor, kind="outlet"),
        )
    )
    if actor.may("ledger.view"):
        kpis.append(_overdue(actor, today, currency))
    return kpis


def _delivered(actor: Actor, today: date, currency: str) -> Kpi:
    """This month so far, against the same days a year ago."""
    rows = trade.facts_of(actor)
    months = trade.delivered_by_month(rows, today=today)
    first = today.replace(day=1)
    now = next((net for month, net in months if month == first), Decimal(0))
    year_ago = _year_before(first)
    before = trade.delivered_between(rows, year_ago, year_ago + timedelta(days=today.day))
    part, way = trade.change(now, before)
    value, unit = shortened(now, currency)
    return Kpi(
        label=_("Delivered this month"),
        value=value,
        unit=unit,
        note=_("%(part)s on last year") % {"part": part} if part else _("net of returns"),
        mood={"up": "good", "down": "warn"}.get(way, ""),
        icon={"up": "trending-up", "down": "trending-down"}.get(way, ""),
        spark=sparkline([net for _month, net in months]),
    )


def _overdue(actor: Actor, today: date, currency: str) -> Kpi:
    money, owing = trade.overdue(actor, today=today, owed_to=actor.party_id)
    value, unit = shortened(money, currency)
    return Kpi(
        label=_("Overdue receivables"),
        value=value,
        unit=unit,
        note=ngettext("%(count)d party", "%(count)d parties", owing) % {"count": owing},
        mood="bad" if money else "good",
        icon="alert-octagon" if money else "circle-check",
    )


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _todos(actor: Actor, today: date, by_state: Any, contracts: dict[str, int], tiers: Tiers) -> list[ToDo]:
    review = trade.count_of(by_state, [Order.State.REVIEW])
    held = trade.count_of(by_state, [Order.State.HELD])
    placed = trade.count_of(by_state, [Order.State.PLACED])
    warned = sum(row.warned for row in tiers.rows)
    failed = Job.objects.filter(state=Job.State.FAILED).count() if actor.may("job.view") else 0
    ending = trade.contracts_ending(actor, today=today)
    signing = contracts.get(Contract.State.SUBMITTED, 0)
    orders, contract = partial(list_url, Order, actor), partial(list_url, Contract, actor)
    jobs, scorecards = list_url(Job, actor, state="failed"), list_url(TierMonth, actor, move="warn")
    todos = [
        ToDo(
            held,
            ngettext("order is held by credit", "orders are held by credit", held),
            "lock",
            "bad",
            url=orders(state="held"),
        ),
        ToDo(
            review,
            ngettext("order waits for approval", "orders wait for approval", review),
            "gavel",
            "warn",
            url=orders(state="review"),
        ),
        ToDo(
            failed, ngettext("job has failed", "jobs have failed", failed), "alert-octagon", "bad", url=jobs
        ),
        ToDo(
            placed,
            ngettext("order waits to be confirmed", "orders wait to be confirmed", placed),
            "shopping-cart",
            url=orders(state="placed"),
        ),
        ToDo(
            signing,
            ngettext("contract waits for signatures", "contracts wait for signatures", signing),
            "signature",
            url=contract(state="submitted"),
        ),
        ToDo(
            ending,
            ngettext("contract ends within 60 days", "contracts end within 60 days", ending),
            "hourglass",
            "warn",
            url=contract(state="active"),
        ),
        ToDo(
            warned,
            ngettext("partner may fall a tier", "partners may fall a tier", warned),
            "scale",
            "warn",
            url=scorecards,
        ),
    ]
    return [todo for todo in todos if todo.count]


def _tiers(actor: Actor) -> Tiers:
    """Where the parties stood after the last run, and who moved; three statements."""
    if not actor.may("tier.view"):
        return Tiers()
    rows = TierMonth.objects.filter(party__in=Party.objects.visible_to(actor))
    last = rows.order_by("-month").values_list("month", flat=True).first()
    if last is None:
        return Tiers()
    moves: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found = rows.filter(month=last).order_by().values_list("tier_id", "move").annotate(Counted("id"))
    for tier_id, move, count in found:
        moves[tier_id][move] += count
    ladder = list(Tier.objects.order_by("-from_score"))
    most = max(sum(moves[tier.id].values()) for tier in ladder) or 1
    return Tiers(
        month=last,
        rows=[
            TierRow(
                name=tier.name,
                parties=sum(moves[tier.id].values()),
                promoted=moves[tier.id]["promote"],
                demoted=moves[tier.id]["demote"],
                warned=moves[tier.id]["warn"],
                width=f"{100 * sum(moves[tier.id].values()) / most:.1f}",
            )
            for tier in ladder
        ],
    )


def _counts(actor: Actor, by_state: Any, parties: dict[str, int], contracts: dict[str, int]) -> list[Count]:
    """What there is, with the way to it."""
    active = contracts.get(Contract.State.ACTIVE, 0)
    party = partial(list_url, Party, actor)
    products = Product.objects.visible_to(actor).count()
    counts = [
        Count(_("Dealers"), parties.get("dealer", 0), "building-warehouse", url=party(kind="dealer")),
        Count(_("Alliance members"), parties.get("member", 0), "heart-handshake", url=party(kind="member")),
        Count(_("Products"), products, "package", url=list_url(Product, actor)),
    ]
    if actor.may("contract.view"):
        counts.append(
            Count(
                _("Contracts"), sum(contracts.values()), "file-text",
                note=_("%(count)s active") % {"count": active}, url=list_url(Contract, actor),
            )
        )  # fmt: skip
    orders = sum(count for count, _total in by_state.values())
    delivered = trade.count_of(by_state, [Order.State.DELIVERED])
    counts.append(
        Count(
            _("Orders"), orders, "shopping-cart",
            note=_("%(count)s delivered") % {"count": grouped(delivered)},
            url=list_url(Order, actor),
        )
    )  # fmt: skip
    if actor.may("rebate.view"):
        statements = Statement.objects.visible_to(actor).filter(~Q(due=0)).count()
        counts.append(
            Count(_("Rebate statements"), statements, "receipt-yuan", url=list_url(Statement, actor))
        )
    return counts
