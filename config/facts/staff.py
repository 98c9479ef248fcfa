"""The manufacturer's home: figures, what to do, guarantees, movement between tiers, alerts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count as Counted
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.rights import Actor
from alliance.models import Contract, GuaranteeMonth
from config.facts import promises, trade
from config.facts.alerts import alerts_of, failed_jobs
from config.facts.moves import tiers
from config.facts.shapes import Guarantees, Tiers, ToDo, in_order, list_url
from config.numbers import grouped, shortened
from dealers.models import Party, TierMonth
from ledger.models import Book
from ordering.models import Order, Return
from tenancy.models import Job
from tenancy.web.shapes import Kpi, sparkline

State = Order.State


def staff_home(actor: Actor, *, now: datetime, currency: str = "CNY") -> dict[str, Any]:
    """Fifteen statements at most."""
    today = now.date()
    by_state = trade.orders_by_state(actor)
    guarantees = promises.guarantees(actor) if actor.may("contract.view") else Guarantees()
    moved = tiers(actor) if actor.may("tier.view") else Tiers()
    failed, failures = failed_jobs(actor)
    owed = trade.receivables(actor, today=today) if actor.may("ledger.view") else None
    return {
        "kpis": _kpis(actor, today, currency, by_state, guarantees, owed),
        "todos": todos(actor, today, by_state, moved, failures),
        "guarantees": guarantees,
        "guarantees_url": list_url(GuaranteeMonth, actor),
        "tiers": moved,
        "tiers_url": list_url(TierMonth, actor),
        "alerts": alerts_of(actor, today=today, by_state=by_state, owed=owed, failed=failed),
        "orders": [] if moved.month else trade.latest_orders(actor, limit=8),
        "orders_url": list_url(Order, actor),
    }


def _kpis(
    actor: Actor, today: date, currency: str, by_state: trade.ByState, told: Guarantees, owed: Any
) -> list[Kpi]:
    kpis = []
    if actor.may("order.view") and actor.may("price.view"):
        kpis.append(_delivered(actor, today, currency))
    if told.month is not None and told.measured:
        kpis.append(_kept(told, actor))
    if actor.may("order.view") and actor.may("price.view"):
        kpis.append(_presold(actor, today))
    else:
        on_its_way = by_state.count(*trade.ON_ITS_WAY)
        kpis.append(
            Kpi(
                label=_("Orders under way"),
                value=grouped(by_state.count(*trade.WAITING) + on_its_way),
                note=_("%(count)s on their way") % {"count": grouped(on_its_way)},
                url=list_url(Order, actor),
            )
        )
    kpis.append(_outlets(actor))
    if owed is not None:
        value, unit = shortened(owed.money, currency)
        kpis.append(
            Kpi(
                label=_("Overdue receivables"),
                value=value,
                unit=unit,
                note=ngettext("%(count)d party", "%(count)d parties", owed.parties) % {"count": owed.parties},
                mood="bad" if owed.money else "good",
                icon="alert-octagon" if owed.money else "circle-check",
                url=list_url(Book, actor),
            )
        )
    return kpis


def _delivered(actor: Actor, today: date, currency: str) -> Kpi:
    """This month so far, against the same days a year ago."""
    first = today.replace(day=1)
    year_ago = first.replace(year=first.year - 1)
    told = dict(trade.delivered_by_month(trade.facts_of(actor), today=today, beside=year_ago))
    before, now = told.pop(year_ago, Decimal(0)), told.get(first, Decimal(0))
    part, way = trade.change(now, before)
    value, unit = shortened(now, currency)
    return Kpi(
        label=_("Delivered this month"),
        value=value,
        unit=unit,
        note=_("%(part)s on last year") % {"part": part} if part else _("net of returns"),
        mood={"up": "good", "down": "warn"}.get(way, ""),
        icon={"up": "trending-up", "down": "trending-down"}.get(way, ""),
        spark=sparkline(list(told.values())),
    )


def _kept(told: Guarantees, actor: Actor) -> Kpi:
    assert told.month is not None
    return Kpi(
        label=_("Guarantees kept"),
        value=grouped(Decimal(100) * (told.measured - told.broken) / told.measured, 1),
        unit="%",
        note=ngettext("%(count)d breach in %(month)s", "%(count)d breaches in %(month)s", told.broken)
        % {"count": told.broken, "month": date_format(told.month, "YEAR_MONTH_FORMAT")},
        mood="warn" if told.broken else "good",
        icon="alert-triangle" if told.broken else "circle-check",
        spark=sparkline(told.shares),
        url=list_url(GuaranteeMonth, actor),
    )


def _presold(actor: Actor, today: date) -> Kpi:
    """How much of what outlets buy was ordered ahead; the rest was sold off the van."""
    months = trade.presold_by_month(actor, today=today)
    shares = [(month, 100 * ahead / total) for month, ahead, total in months if total]
    now = next((share for month, share in shares if month == today.replace(day=1)), None)
    return Kpi(
        label=_("Pre-sold share"),
        value="—" if now is None else grouped(now, 1),
        unit="" if now is None else "%",
        note=_("ordered ahead, not sold off the van"),
        spark=sparkline([share for _month, share in shares]),
        url=list_url(Order, actor, kind="presale"),
    )


def _outlets(actor: Actor) -> Kpi:
    rows = Party.objects.visible_to(actor).filter(is_active=True).order_by()
    parties = dict(rows.values_list("kind").annotate(Counted("id")))
    return Kpi(
        label=_("Outlets"),
        value=grouped(parties.get(Party.Kind.OUTLET, 0)),
        note=_("%(dealers)s dealers · %(members)s members")
        % {
            "dealers": grouped(parties.get(Party.Kind.DEALER, 0)),
            "members": grouped(parties.get(Party.Kind.MEMBER, 0)),
        },
        url=list_url(Party, actor, kind="outlet"),
    )


def todos(actor: Actor, today: date, by_state: trade.ByState, moved: Tiers, failures: int) -> list[ToDo]:
    """What waits for someone who may do it, with its day."""
    return in_order(
        [
            *order_todos(actor, by_state),
            *_contract_todos(actor, today),
            ToDo(
                failures if actor.may("job.run") else 0,
                ngettext("job has failed", "jobs have failed", failures),
                "alert-octagon", "bad",
                url=list_url(Job, actor, state="failed"),
            ),
            ToDo(
                moved.warned if actor.may("party.edit") else 0,
                ngettext("partner may fall a tier", "partners may fall a tier", moved.warned),
                "scale", "warn",
                when=_("next review"),
                url=list_url(TierMonth, actor, move="warn"),
            ),
        ]
    )  # fmt: skip


def order_todos(actor: Actor, by_state: trade.ByState) -> Iterator[ToDo]:
    """Orders that the actor's own party sells: to release, approve, confirm, ship, take back."""

    def todo(states: tuple[str, ...], right: str, text: Any, icon: str, mood: str = "") -> ToDo:
        count = by_state.sold(*states) if actor.may(right) else 0
        since = by_state.since(*states)
        url = list_url(Order, actor, party=actor.party_id, side="sold", state=list(states))
        return ToDo(count, text(count), icon, mood, when=_since(since), url=url, due=since)

    yield todo(
        (State.HELD,), "order.confirm",
        lambda n: ngettext("order is held by credit", "orders are held by credit", n), "lock", "bad",
    )  # fmt: skip
    yield todo(
        (State.REVIEW,), "order.confirm",
        lambda n: ngettext("order waits for approval", "orders wait for approval", n), "gavel", "warn",
    )  # fmt: skip
    yield todo(
        (State.PLACED,), "order.confirm",
        lambda n: ngettext("order waits to be confirmed", "orders wait to be confirmed", n), "shopping-cart",
    )  # fmt: skip
    yield todo(
        trade.TO_SHIP, "order.ship",
        lambda n: ngettext("order waits to be shipped", "orders wait to be shipped", n), "truck-delivery",
    )  # fmt: skip
    if actor.may("order.return"):
        asked, first = trade.asked_back(actor)
        text = ngettext("return is asked for", "returns are asked for", asked)
        url = list_url(Return, actor)
        yield ToDo(asked, text, "arrow-back-up", "warn", when=_since(first), url=url, due=first)


def _since(day: date | None) -> str:
    return pgettext("a to-do", "since %(day)s") % {"day": date_format(day, "MONTH_DAY_FORMAT")} if day else ""


def _contract_todos(actor: Actor, today: date) -> Iterator[ToDo]:
    if not (actor.may("contract.sign") or actor.may("contract.edit")):
        return
    told = promises.contracts(actor, today=today)
    signing = told.signing if actor.may("contract.sign") else 0
    yield ToDo(
        signing,
        ngettext("contract waits for signatures", "contracts wait for signatures", signing),
        "signature",
        url=list_url(Contract, actor, state="submitted"),
    )
    ending = told.ending if actor.may("contract.edit") else 0
    when = (
        _("first on %(day)s") % {"day": date_format(told.first_end - timedelta(days=1), "MONTH_DAY_FORMAT")}
        if told.first_end
        else ""
    )
    yield ToDo(
        ending,
        ngettext("contract ends within 60 days", "contracts end within 60 days", ending),
        "hourglass", "warn",
        when=when, due=told.first_end,
        url=list_url(Contract, actor, state="active"),
    )  # fmt: skip
