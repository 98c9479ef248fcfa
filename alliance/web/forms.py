"""The form of a draft contract: it keeps the values as typed, and adds messages to fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models import Contract
from alliance.operations.draft_revision import Revision
from alliance.web.form_groups import BY_NAME, GROUPS, Group, options
from alliance.web.form_terms import read_areas, read_spreads, read_terms
from alliance.web.form_values import FormRow, clean, code_in, decimal_or_none
from dealers.models import Party
from dealers.queries.search import find_parties
from kernel.refusals import Refusal
from kernel.typed_input import UnreadableInput, read_count, read_date
from ui.web.joined_lists import join_list
from ui.web.typed_input import reason_of

SHARES = ("share_region", "share_term", "share_spread", "share_service")
AMOUNTS = ("late_fee", "book_up_to", "security_deposit")
DAYS = ("notice_days", "reply_days")
PARTIES = ("manufacturer", "dealer", "member")
SINGLE = (
    "code",
    *PARTIES,
    "starts_on",
    "last_day",
    "delivery_hours",
    *AMOUNTS,
    *DAYS,
    *SHARES,
    "version",
)
FIELD = re.compile(rf"^({'|'.join(BY_NAME)})\[(\d+)\]\.(\w+)$", re.ASCII)
MAX_ROWS, MORE_ROWS = 200, 3
MAX_FEE, MAX_HOURS = Decimal(10) ** 9, 24 * 365


@dataclass(frozen=True, slots=True)
class Cell:
    """One input of a row, ready to be rendered."""

    name: str
    column: Any
    value: str
    options: list[tuple[str, Any]]
    wrong: str
    place: int


@dataclass
class Typed:
    values: dict[str, str]
    rows: dict[str, list[FormRow]]
    wrong: dict[str, str] = field(default_factory=dict)
    filled: bool = True

    @classmethod
    def read(cls, data: Any) -> Typed:
        """Read the submitted form, without empty rows."""
        values = {name: clean(data.get(name, "")) for name in SINGLE}
        return cls(values, {group.name: _rows(data, group) for group in GROUPS}).padded()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def padded(self, **more: int) -> Typed:
        """Append empty rows to the filled ones: one to each group, or as many as `more` says."""
        for group in GROUPS:
            rows = [row for row in self.rows.get(group.name, []) if not row.is_blank]
            rows += [FormRow(dict.fromkeys(group.names, "")) for _at in range(more.get(group.name, 1))]
            for place, row in enumerate(rows):
                row.place = place
            self.rows[group.name] = rows
        return self

    def with_more(self, which: str) -> Typed:
        return self.padded(**({which: MORE_ROWS} if which in BY_NAME else {}))

    @property
    def is_wrong(self) -> bool:
        return bool(self.wrong) or any(row.wrong for rows in self.rows.values() for row in rows)

    def sections(self) -> list[tuple[Group, list[list[Cell]]]]:
        """Return each group with the cells of its rows."""
        offered = options()
        return [
            (
                group,
                [
                    [
                        Cell(
                            f"{group.prefix}-{column.name}",
                            column,
                            row.values.get(column.name, ""),
                            offered.get(column.options, []),
                            row.wrong.get(column.name, ""),
                            row.place,
                        )
                        for column in group.columns
                    ]
                    for row in self.rows[group.name]
                ],
            )
            for group in GROUPS
        ]

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refusal's message to the field that it names, such as `areas[1].region`."""
        found = FIELD.match(refusal.field)
        if found is None:
            name = "last_day" if refusal.field == "until" else refusal.field
            self.wrong[name if name in SINGLE else ""] = refusal.message
            return
        rows = self.rows[found[1]]
        row = rows[min(int(found[2]), len(rows) - 1)]
        row.wrong[found[3] if found[3] in row.values else next(iter(row.values))] = refusal.message

    def revision(self, contract: Contract, actor: Actor) -> Revision | None:
        """Return the typed values as a revision; None if any is invalid, with messages on the fields."""
        found = self.as_far_as_readable(contract, actor)
        return None if self.is_wrong else found

    def as_far_as_readable(self, contract: Contract, actor: Actor) -> Revision:
        """Return what can be read of the typed values, with messages on the fields that cannot."""
        self._parties(contract, actor)
        contract.starts_on = self._day("starts_on") or contract.starts_on
        last = self._day("last_day")
        if last is not None:
            contract.until = last + timedelta(days=1)
        contract.delivery_hours = self._hours()
        for name in AMOUNTS:
            setattr(contract, name, self._money(name))
        for name in DAYS:
            setattr(contract, name, self._count(name, getattr(contract, name)))
        if not contract.code:
            self.wrong["code"] = _("A contract has a code.")
        elif len(contract.code) > 40:
            self.wrong["code"] = _("At most 40 characters.")
        if contract.starts_on and contract.until and contract.until <= contract.starts_on:
            self.wrong.setdefault("last_day", _("It ends before it starts."))
        areas = read_areas(self.rows["areas"])
        spreads = read_spreads(self.rows["spreads"], actor)
        terms = read_terms(self.rows, {name: self.value(name) for name in SHARES}, self.wrong)
        return Revision(contract, areas, spreads, terms)

    def _parties(self, contract: Contract, actor: Actor) -> None:
        codes = {role: code_in(self.value(role)) for role in PARTIES}
        rows = Party.objects.visible_to(actor).filter(code__in=set(codes.values()) - {""})
        known = {party.code: party for party in rows}
        for role, code in codes.items():
            if not code:
                self.wrong[role] = _("Name this party by its name or code.")
                continue
            party = known.get(code) or self._searched(role, actor)
            if party is None:
                self.wrong.setdefault(role, _("There is no party with the code %(code)s.") % {"code": code})
            elif party.kind != role:
                message = _("%(name)s is a party of the kind “%(kind)s”; this one must be “%(wanted)s”.")
                wanted = Party.Kind(role).label
                self.wrong[role] = message % {
                    "name": party.name,
                    "kind": party.get_kind_display(),
                    "wanted": wanted,
                }
            else:
                setattr(contract, role, party)

    def _searched(self, role: str, actor: Actor) -> Party | None:
        """Return the one party that the text finds by name or pinyin; with several, add a message."""
        found = [one.object_id for one in find_parties(actor, self.value(role), 20)]
        parties = list(Party.objects.filter(id__in=found, kind=role).order_by("code")[:4])
        if len(parties) > 1:
            names = join_list(f"{one.name} ({one.code})" for one in parties[:3])
            message = _("There are several of this name; choose one: %(names)s")
            self.wrong[role] = message % {"names": names}
            return None
        return parties[0] if parties else None

    def _day(self, name: str) -> date | None:
        try:
            return read_date(self.value(name))
        except UnreadableInput as error:
            self.wrong[name] = reason_of(error)
            return None

    def _hours(self) -> int | None:
        text = self.value("delivery_hours")
        if not text:
            return None
        try:
            hours = read_count(text)
        except UnreadableInput as error:
            self.wrong["delivery_hours"] = reason_of(error)
            return None
        if not 0 < hours <= MAX_HOURS:
            self.wrong["delivery_hours"] = _("Give whole hours, from 1 to a year's.")
        return hours

    def _money(self, name: str) -> Decimal:
        text = self.value(name)
        amount = decimal_or_none(text) if text else Decimal(0)
        if amount is None or not 0 <= amount < MAX_FEE or amount != round(amount, 2):
            self.wrong[name] = _("Give an amount of zero or more with at most 2 places.")
            return Decimal(0)
        return amount

    def _count(self, name: str, default: int) -> int:
        text = self.value(name)
        if not text:
            return default
        try:
            return read_count(text, max_count=366)
        except UnreadableInput as error:
            self.wrong[name] = reason_of(error)
            return default


def _rows(data: Any, group: Group) -> list[FormRow]:
    columns = [data.getlist(f"{group.prefix}-{name}")[:MAX_ROWS] for name in group.names]
    length = max(map(len, columns))
    limits = [column.max_characters for column in group.columns]
    padded = [[*column, *[""] * (length - len(column))] for column in columns]
    return [
        FormRow(
            {name: clean(text, limit) for name, text, limit in zip(group.names, row, limits, strict=True)}
        )
        for row in zip(*padded, strict=True)
    ]


def blank(actor: Actor) -> Typed:
    """Return the form of a new draft, with the actor's party as manufacturer or dealer."""
    own = Party.objects.filter(id=actor.party_id).values_list("code", flat=True).first() or ""
    maker = Party.objects.filter(kind=MANUFACTURER).values_list("code", flat=True).first() or ""
    values = dict.fromkeys(SINGLE, "") | {"manufacturer": maker}
    if actor.party_kind != MANUFACTURER:
        values["dealer"] = own
    return Typed(values, {}, filled=False).padded(areas=2, spreads=MORE_ROWS, responsibilities=5, kpis=3)
