"""The manufacturer's home: figures, to-dos, guarantees, movement between tiers, alerts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count as Counted
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.rights import Actor
from alliance.models import Contract, GuaranteeMonth
from dealers.models import Party, TierMonth
from jobs.models import Job
from ledger.models import Book
from ordering.models import Order
from ordering.models.order import UNDER_WAY
from portal.queries import duties, guarantees, price_drops, trade
from portal.queries.alerts import alerts_of, failed_jobs, held
from portal.queries.combined_query import Raw, Row, RowQuery, together
from portal.queries.home_components import (
    Guarantees,
    OrderRow,
    Tiers,
    ToDo,
    guarantees_url,
    in_order,
    list_url,
)
from portal.queries.tier_movements import flows_of, ladder_of, tiers
from portal.queries.visibility import BY_KIND, has_territories, in_sight, visible_parties
from ui.web.components import Kpi, sparkline
from ui.web.numbers import grouped, shortened

State = Order.State


def staff_home(actor: Actor, *, now: datetime, currency: str = "CNY") -> dict[str, Any]:
    """Return the context of the home. Two SQL statements, three before the first tier run."""
    today = now.date()
    sees_money = actor.may("order.view") and actor.may("price.view")
    results = together(
        visible_parties(actor),
        fulfilment=guarantees.fulfilment(actor),
        waiting=guarantees.waiting(actor, today=today),
        duties=duties.open_duties(actor, today=today),
        price_drops=price_drops.open_claims(actor),
        ladder=ladder_of(actor),
        flows=flows_of(actor),
        debtors=trade.debtors(actor, today=today),
        parties=_parties(actor),
        **_trade(actor, today, sees_money=sees_money),
    )
    promised = guarantees.guarantees(results["fulfilment"])
    moved = tiers(results["ladder"], results["flows"])
    failed, failures = failed_jobs(actor)
    owed = trade.Receivables.of(results["debtors"]) if actor.may("ledger.view") else None
    return {
        "kpis": [
            *([_delivered(results["delivered"], results["year_ago"], today, currency)] if sees_money else []),
            *([_guarantees_kpi(promised, actor)] if promised.month is not None and promised.measured else []),
            _presold(results["to_outlets"], actor, today)
            if sees_money
            else _under_way(results["under_way"], actor),
            _outlets(results["parties"], actor),
            *([_overdue(owed, actor, currency)] if owed is not None else []),
        ],
        "todos": todos(actor, results, moved, failures),
        "guarantees": promised,
        "guarantees_url": guarantees_url(promised, actor),
        "tiers": moved,
        "tiers_url": list_url(TierMonth, actor, month=moved.month),
        "alerts": alerts_of(actor, today=today, held_rows=results["held"], owed=owed, failed=failed),
        "orders": [] if moved.month else _latest(actor),
        "orders_url": list_url(Order, actor),
    }


def _trade(actor: Actor, today: date, *, sees_money: bool) -> dict[str, RowQuery]:
    queries = {
        "sold": trade.by_state(trade.sold_by(actor)),
        "held": held(actor),
        "return_requests": trade.return_requests(actor),
    }
    if not sees_money:
        rows = Order.objects.all() if actor.may("order.view") else Order.objects.none()
        return queries | {"under_way": trade.by_state(in_sight(rows, "buyer", actor))}
    return queries | {
        "delivered": trade.delivered(actor, today=today),
        "year_ago": trade.delivered_a_year_ago(actor, today=today),
        "to_outlets": trade.to_outlets(actor, today=today),
    }


def _latest(actor: Actor) -> list[OrderRow]:
    return trade.order_rows(trade.latest(Order.objects.visible_to(actor), 8), actor)


def _under_way(rows: Iterable[Row], actor: Actor) -> Kpi:
    counted = trade.ByState.of(rows)
    return Kpi(
        label=_("Orders under way"),
        value=grouped(counted.count(*UNDER_WAY)),
        note=_("%(count)s in transit") % {"count": grouped(counted.count(*trade.ON_ITS_WAY))},
        url=list_url(Order, actor, state=list(UNDER_WAY)),
    )


def _overdue(owed: trade.Receivables, actor: Actor, currency: str) -> Kpi:
    value, unit = shortened(owed.money, currency)
    return Kpi(
        label=_("Overdue receivables"),
        value=value,
        unit=unit,
        note=ngettext("%(count)d party", "%(count)d parties", owed.parties) % {"count": owed.parties},
        mood="bad" if owed.money else "good",
        icon="alert-octagon" if owed.money else "circle-check",
        url=list_url(Book, actor, side="sold", overdue="true"),
    )


def _delivered(rows: Iterable[Row], year_ago: Iterable[Row], today: date, currency: str) -> Kpi:
    """Return the deliveries of this month so far, compared with the same days a year ago."""
    months = dict(trade.by_month(rows))
    now = months.get(today.replace(day=1), Decimal(0))
    before = sum((net for _day, net in year_ago), Decimal(0))
    part, way = trade.change(now, before)
    value, unit = shortened(now, currency)
    return Kpi(
        label=_("Delivered this month"),
        value=value,
        unit=unit,
        note=_("%(part)s on last year") % {"part": part} if part else _("net of returns"),
        mood={"up": "good", "down": "warn"}.get(way, ""),
        icon={"up": "trending-up", "down": "trending-down"}.get(way, ""),
        spark=sparkline(list(months.values())),
    )


def _guarantees_kpi(promised: Guarantees, actor: Actor) -> Kpi:
    assert promised.month is not None
    return Kpi(
        label=_("Guarantees met"),
        value=grouped(Decimal(100) * (promised.measured - promised.broken) / promised.measured, 1),
        unit="%",
        note=ngettext(
            "%(count)d guarantee not met in %(month)s",
            "%(count)d guarantees not met in %(month)s",
            promised.broken,
        )
        % {"count": promised.broken, "month": date_format(promised.month, "YEAR_MONTH_FORMAT")},
        mood="warn" if promised.broken else "good",
        icon="alert-triangle" if promised.broken else "circle-check",
        spark=sparkline(promised.shares),
        url=list_url(GuaranteeMonth, actor, month=f"{promised.month:%Y-%m}"),
    )


def _presold(rows: Iterable[Row], actor: Actor, today: date) -> Kpi:
    """Return the share of sales to outlets that was ordered ahead and not sold off the van."""
    months = trade.presold_by_month(rows)
    shares = [(month, 100 * ahead / total) for month, ahead, total in months if total]
    now = next((share for month, share in shares if month == today.replace(day=1)), None)
    return Kpi(
        label=_("Pre-sold share"),
        value="—" if now is None else grouped(now, 1),
        unit="" if now is None else "%",
        note=_("ordered ahead, not sold off the van"),
        spark=sparkline([share for _month, share in shares]),
        url=list_url(
            Order,
            actor,
            kind="presale",
            placed_after=today.replace(day=1),
            state=[state for state in State.values if state != State.CANCELLED],
        ),
    )


def _parties(actor: Actor) -> RowQuery | Raw:
    """Query (kind, count) of the visible active parties."""
    if has_territories(actor):
        return BY_KIND
    rows = Party.objects.visible_to(actor).filter(is_active=True).order_by()
    found: RowQuery = rows.values_list("kind").annotate(parties=Counted("*"))
    return found


def _outlets(rows: Iterable[Row], actor: Actor) -> Kpi:
    parties: dict[str, int] = dict(rows)
    return Kpi(
        label=_("Outlets"),
        value=grouped(parties.get(Party.Kind.OUTLET, 0)),
        note=_("%(dealers)s dealers · %(members)s members")
        % {
            "dealers": grouped(parties.get(Party.Kind.DEALER, 0)),
            "members": grouped(parties.get(Party.Kind.MEMBER, 0)),
        },
        url=list_url(Party, actor, kind="outlet", is_active="true"),
    )


def todos(actor: Actor, results: dict[str, list[Row]], moved: Tiers, failures: int) -> list[ToDo]:
    """Return the to-dos that the actor has the right to do, in order."""
    return in_order(
        [
            *order_todos(actor, results["sold"], results["return_requests"]),
            *_contract_todos(actor, guarantees.Contracts.of(results["waiting"])),
            *duties.duty_todos(actor, results["duties"]),
            *price_drops.claim_todos(actor, results["price_drops"]),
            ToDo(
                failures if actor.may("job.run") else 0,
                ngettext("job has failed", "jobs have failed", failures),
                "alert-octagon",
                "bad",
                url=list_url(Job, actor, state="failed"),
            ),
            ToDo(
                moved.warned if actor.may("party.edit") else 0,
                ngettext("partner may be demoted", "partners may be demoted", moved.warned),
                "scale",
                "warn",
                when=_("next review"),
                url=list_url(TierMonth, actor, month=moved.month, move="warn"),
            ),
        ]
    )


def order_todos(actor: Actor, sold: Iterable[Row], return_requests: Sequence[Row]) -> Iterator[ToDo]:
    """Yield the to-dos of orders that the actor's party sells: release, approve, confirm, ship, return."""
    by_state = trade.ByState.of(sold)

    def todo(states: tuple[str, ...], right: str, text: Any, icon: str, mood: str = "") -> ToDo:
        count = by_state.count(*states) if actor.may(right) else 0
        since = by_state.since(*states)
        url = list_url(Order, actor, party=actor.party_id, side="sold", state=list(states))
        return ToDo(count, text(count), icon, mood, when=_since(since), url=url, due=since)

    yield todo(
        (State.HELD,),
        "order.confirm",
        lambda n: ngettext("order on credit hold", "orders on credit hold", n),
        "lock",
        "bad",
    )
    yield todo(
        (State.REVIEW,),
        "order.confirm",
        lambda n: ngettext("order waits for approval", "orders wait for approval", n),
        "gavel",
        "warn",
    )
    yield todo(
        (State.PLACED,),
        "order.confirm",
        lambda n: ngettext("order waits to be confirmed", "orders wait to be confirmed", n),
        "shopping-cart",
    )
    yield todo(
        trade.TO_SHIP,
        "order.ship",
        lambda n: ngettext("order waits to be shipped", "orders wait to be shipped", n),
        "truck-delivery",
    )
    if actor.may("order.return"):
        waiting, since = return_requests[0] if return_requests else trade.NOTHING
        first = timezone.localdate(since) if since else None
        text = ngettext("return request to decide", "return requests to decide", waiting)
        url = list_url(Order, actor, party=actor.party_id, side="sold", return_requested="true")
        yield ToDo(waiting, text, "arrow-back-up", "warn", when=_since(first), url=url, due=first)


def _since(day: date | None) -> str:
    return pgettext("a to-do", "since %(day)s") % {"day": date_format(day, "MONTH_DAY_FORMAT")} if day else ""


def _contract_todos(actor: Actor, contracts: guarantees.Contracts) -> Iterator[ToDo]:
    signing = contracts.signing if actor.may("contract.sign") else 0
    yield ToDo(
        signing,
        ngettext("contract waits for signatures", "contracts wait for signatures", signing),
        "signature",
        url=list_url(Contract, actor, state="submitted"),
    )
    ending = contracts.ending if actor.may("contract.edit") else 0
    when = (
        _("first on %(day)s")
        % {"day": date_format(contracts.first_end - timedelta(days=1), "MONTH_DAY_FORMAT")}
        if contracts.first_end
        else ""
    )
    yield ToDo(
        ending,
        ngettext("contract ends within 60 days", "contracts end within 60 days", ending),
        "hourglass",
        "warn",
        when=when,
        due=contracts.first_end,
        url=list_url(Contract, actor, ends="60"),
    )
