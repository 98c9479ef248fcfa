"""The list of contracts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

import django_filters
from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.web.permissions import entering
from alliance.models import Contract
from alliance.models.contract import later_in_force
from alliance.models.guarantee import GuaranteeKind
from alliance.queries import (
    last_measured_month,
    measured_in,
    places_of,
    signatures_of,
)
from alliance.web.labels import (
    GUARANTEES,
    days_left,
    guarantee_name,
    places_in_words,
    result_badge,
)
from alliance.web.stages import stage_badge
from dealers.models import Party
from dealers.queries.parties import parties_like, visible_parties
from kernel.money import ZERO
from kernel.spelling import folded
from kernel.typed_input import UnreadableInput, read_date
from ui.web.filters import RowFilter
from ui.web.list_view import list_view
from ui.web.lists import Column, Empty, ListPage, Tab
from ui.web.typed_input import read_typed

ENDING_SOON_DAYS = 60
DAYS_WITHIN = {str(days): timedelta(days=days) for days in (30, 60, 90)}
WITHIN = (("30", gettext_lazy("30 days")), ("60", gettext_lazy("60 days")), ("90", gettext_lazy("90 days")))
PARTIES = ("manufacturer", "dealer", "member")


class ContractFilter(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(choices=Contract.State.choices, label=gettext_lazy("state"))
    party = RowFilter(queryset=visible_parties, method="of_party", label=gettext_lazy("partner"))
    ends = django_filters.ChoiceFilter(choices=WITHIN, method="ending", label=gettext_lazy("ends within"))

    class Meta:
        model = Contract
        fields: ClassVar[list[str]] = []

    def of_party(self, rows: QuerySet[Any], name: str, value: Party) -> QuerySet[Any]:
        return rows.filter(Q(member=value) | Q(dealer=value))

    def ending(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        last = today + DAYS_WITHIN[value]
        return rows.filter(state=Contract.State.ACTIVE, until__gt=today, until__lte=last, is_replaced=False)


def _version(row: Any) -> str:
    return f"v{row.version}"


class Contracts(ListPage):
    """The list of contracts; regions, signatures and guarantees are read for the page at once."""

    name = "contracts"
    title = gettext_lazy("Contracts")
    filters = ContractFilter
    search_hint = gettext_lazy("code of the contract, name or code of a party")
    tall = True
    tabs = (
        Tab(gettext_lazy("All")),
        Tab(gettext_lazy("Active"), "state=active"),
        Tab(gettext_lazy("To sign"), "state=submitted"),
        Tab(gettext_lazy("Drafts"), "state=draft"),
        Tab(gettext_lazy("Ending soon"), "ends=60"),
        Tab(gettext_lazy("Ended"), "state=ended"),
    )
    columns = (
        Column("code", gettext_lazy("Contract"), kind="name", sort="code", under=_version),
        Column("member", gettext_lazy("Member"), "member__name", under="member__code"),
        Column("dealer", gettext_lazy("Dealer"), "dealer__name", under="dealer__code", phone="hidden"),
        Column("places", gettext_lazy("Exclusive region"), under="goods", phone="hidden"),
        Column(
            "until",
            gettext_lazy("Until"),
            "last_day",
            kind="day",
            sort="until",
            under="left",
        ),
        Column("badge", gettext_lazy("State"), kind="state", under="signed"),
        Column(
            "guarantees",
            gettext_lazy("Guarantees"),
            cell="alliance/guarantees_cell.html",
            exported="guarantees_text",
        ),
        Column("owed", gettext_lazy("Owed"), kind="money"),
        Column("starts_on", gettext_lazy("From"), kind="day", displayed=False),
    )

    def rows(self) -> QuerySet[Any]:
        found: QuerySet[Any] = Contract.objects.visible_to(self.actor).select_related("member", "dealer")
        return found.annotate(is_replaced=Exists(later_in_force()))

    def search(self, rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        parties = parties_like(Party.objects.all(), typed)
        return rows.filter(Q(code__istartswith=folded(typed)) | Q(member__in=parties) | Q(dealer__in=parties))

    @property
    def empty(self) -> Empty:  # type: ignore[override]  # with the month in it
        """Return the empty state; a user who may draft contracts gets a link to the form."""
        title = gettext_lazy("No contract yet")
        if self.actor.may("contract.edit"):
            text = gettext_lazy("Bring partners and regions in first, then draft the first one.")
            return Empty(title, text, "file-plus", "contract-new", gettext_lazy("Draft a contract"))
        text = gettext_lazy("The manufacturer drafts it; you are told when it is to be signed.")
        return Empty(title, text, "file-text")

    @cached_property
    def month(self) -> date | None:
        return last_measured_month(self.actor)

    def enrich(self, rows: list[Any]) -> None:
        ids = [row.id for row in rows]
        places, signed = places_of(ids), signatures_of(rows)
        measured = measured_in(ids, self.month) if self.month else {}
        today = timezone.localdate()
        for row in rows:
            row.places, row.goods = places_in_words(places.get(row.id, ()))
            row.left, row.last_day = days_left(row, today), row.until - timedelta(days=1)
            row.badge = stage_badge(row, is_replaced=row.is_replaced, today=today)
            row.signed, row.waits_for_me = "", False
            if row.state == Contract.State.SUBMITTED:
                row.signed = _("%(count)s of 3 have signed") % {"count": len(signed.get(row.id, ()))}
                row.waits_for_me = self._waits(row, signed.get(row.id, set()))
            months = measured.get(row.id, {})
            row.guarantees = [
                (GUARANTEES[kind][1], guarantee_name(kind), result_badge(months[kind]))
                for kind in GuaranteeKind
                if kind in months
            ]
            row.guarantees_text = "；".join(f"{name} {badge.text}" for _icon, name, badge in row.guarantees)
            row.owed = sum((one.owed for one in months.values()), ZERO) if months else None

    def _waits(self, row: Contract, signed: set[UUID]) -> bool:
        mine = self.actor.party_id
        is_party = mine in {getattr(row, f"{party}_id") for party in PARTIES}
        return bool(is_party and mine not in signed and self.actor.may("contract.sign"))

    def href(self, row: Any) -> str:
        return reverse("contract", args=[row.id])

    def mood(self, row: Any) -> tuple[str, str]:
        if row.waits_for_me:
            return "warn", _("waits for your signature")
        left = (row.until - timezone.localdate()).days
        if row.state != Contract.State.ACTIVE or row.is_replaced:
            return "", ""
        if left <= 0:
            return "bad", _("its term is over")
        return ("warn", _("ends soon")) if left <= ENDING_SOON_DAYS else ("", "")

    def more(self) -> dict[str, Any]:
        may = self.actor.may
        may_draft = may("contract.edit")
        return {"may_draft": may_draft, "may_propose": may("contract.propose"), "month": self.month}


def month_of(text: str) -> date | None:
    """Return the first day of a month written as 2026-10, None for "". Raise UnreadableField."""
    if not text:
        return None
    first: date = read_typed(_read_month, text, row=_("Month"), field="month")
    return first


def _read_month(typed: str) -> date:
    try:
        return read_date(f"{typed}-01")
    except UnreadableInput as error:
        raise UnreadableInput(error.code, typed) from error


contracts = entering("contract.view")(list_view(Contracts, template="alliance/contracts.html"))
