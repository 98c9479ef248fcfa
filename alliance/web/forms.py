"""The form of a draft contract: it keeps the values as typed, and adds messages to fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.rights import MANUFACTURER, Actor
from alliance.models import Contract, SpreadTerm
from alliance.operations.draft_revision import Revision
from alliance.operations.drafting import NewArea, NewSpread
from alliance.queries import places_of
from catalogue.models import Category
from dealers.models import Party, Region
from kernel.refusals import Refusal
from kernel.typed_input import UnreadableInput, read_amount, read_count, read_date
from ui.web.joined_lists import join_list
from ui.web.typed_input import reason_of

SINGLE = (
    "code",
    "manufacturer",
    "dealer",
    "member",
    "starts_on",
    "last_day",
    "delivery_hours",
    "late_fee",
    "version",
)
AREA, SPREAD = ("category", "region"), ("clause", "sku", "guaranteed", "advised_resale")
PARTIES = ("manufacturer", "dealer", "member")
FIELD = re.compile(r"^(areas|spreads)\[(\d+)\]\.(\w+)$", re.ASCII)
MAX_ROWS, MORE_ROWS, MAX_CHARACTERS = 200, 3, 200
MAX_FEE, MAX_HOURS = Decimal(10) ** 9, 24 * 365


@dataclass
class Row:
    """A typed region or spread; `wrong` has the error messages by field."""

    values: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    place: int = 0

    @property
    def is_blank(self) -> bool:
        return not any(self.values.values())


@dataclass
class Typed:
    values: dict[str, str]
    areas: list[Row]
    spreads: list[Row]
    wrong: dict[str, str] = field(default_factory=dict)
    filled: bool = True

    @classmethod
    def read(cls, data: Any) -> Typed:
        """Read the submitted form, without empty rows."""
        values = {name: _clean(data.get(name, "")) for name in SINGLE}
        return cls(values, _rows(data, "area", AREA), _rows(data, "spread", SPREAD)).padded()

    def value(self, name: str) -> str:
        return self.values.get(name, "")

    def padded(self, areas: int = 1, spreads: int = 1) -> Typed:
        """Append empty rows to the filled ones."""
        self.areas = [row for row in self.areas if not row.is_blank]
        self.spreads = [row for row in self.spreads if not row.is_blank]
        self.areas += [Row(dict.fromkeys(AREA, "")) for _ in range(areas)]
        self.spreads += [Row(dict.fromkeys(SPREAD, "")) for _ in range(spreads)]
        for rows in (self.areas, self.spreads):
            for place, row in enumerate(rows):
                row.place = place
        return self

    def with_more(self, which: str) -> Typed:
        return self.padded(MORE_ROWS if which == "areas" else 1, MORE_ROWS if which == "spreads" else 1)

    @property
    def is_wrong(self) -> bool:
        return bool(self.wrong) or any(row.wrong for row in (*self.areas, *self.spreads))

    def choices(self) -> dict[str, Any]:
        return {"categories": list(Category.objects.order_by("code").values_list("code", "name"))}

    def add_refusal(self, refusal: Refusal) -> None:
        """Add a refusal's message to the field that it names, such as `areas[1].region`."""
        found = FIELD.match(refusal.field)
        if found is None:
            name = "last_day" if refusal.field == "until" else refusal.field
            self.wrong[name if name in SINGLE else ""] = refusal.message
            return
        rows = self.areas if found[1] == "areas" else self.spreads
        rows[min(int(found[2]), len(rows) - 1)].wrong[found[3]] = refusal.message

    def revision(self, contract: Contract, actor: Actor) -> Revision | None:
        """Return the typed values as a revision; None if any is invalid, with messages on the fields."""
        self._parties(contract, actor)
        contract.starts_on = self._day("starts_on") or contract.starts_on
        last = self._day("last_day")
        if last is not None:
            contract.until = last + timedelta(days=1)
        contract.delivery_hours = self._hours()
        contract.late_fee = self._money("late_fee")
        if not contract.code:
            self.wrong["code"] = _("A contract has a code.")
        elif len(contract.code) > 40:
            self.wrong["code"] = _("At most 40 characters.")
        if contract.starts_on and contract.until and contract.until <= contract.starts_on:
            self.wrong.setdefault("last_day", _("It ends before it starts."))
        areas, spreads = self._areas(), self._spreads()
        return None if self.is_wrong else Revision(contract, areas, spreads)

    def _parties(self, contract: Contract, actor: Actor) -> None:
        codes = {role: self.value(role) for role in PARTIES}
        rows = Party.objects.visible_to(actor).filter(code__in=set(codes.values()) - {""})
        found = {party.code: party for party in rows}
        for role, code in codes.items():
            party = found.get(code)
            if not code:
                self.wrong[role] = _("Name this party by its code.")
            elif party is None:
                self.wrong[role] = _("There is no party with the code %(code)s.") % {"code": code}
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
        amount = _decimal(text) if text else Decimal(0)
        if amount is None or not 0 <= amount < MAX_FEE or amount != round(amount, 2):
            self.wrong[name] = _("Give an amount of zero or more with at most 2 places.")
            return Decimal(0)
        return amount

    def _areas(self) -> list[NewArea]:
        rows = [row for row in self.areas if not row.is_blank]
        regions = _regions({row.values["region"] for row in rows})
        found = []
        for row in rows:
            if not row.values["category"]:
                row.wrong["category"] = _("Choose a category.")
            typed = row.values["region"]
            match regions.get(typed, []):
                case [one]:
                    found.append(NewArea(row.values["category"], one.code))
                case []:
                    row.wrong["region"] = _("There is no such region: give its code or its full name.")
                case several:
                    names = join_list(f"{one.full_name} {one.code}" for one in several[:3])
                    message = _("There are %(count)s of this name; give the code: %(names)s")
                    row.wrong["region"] = message % {"count": len(several), "names": names}
        return found

    def _spreads(self) -> list[NewSpread]:
        found = []
        for place, row in enumerate([row for row in self.spreads if not row.is_blank], 1):
            given = row.values
            prices = {name: _decimal(given[name]) for name in ("guaranteed", "advised_resale")}
            for name, price in prices.items():
                if price is None or not 0 <= price < 10**10 or price != round(price, 4):
                    row.wrong[name] = _("Give a price of zero or more with at most 4 places.")
            if not given["sku"]:
                row.wrong["sku"] = _("Name the product by its SKU.")
            clause = (given["clause"] or f"3.{place}")[:20]
            if not row.wrong:
                guaranteed, advised = prices["guaranteed"], prices["advised_resale"]
                assert guaranteed is not None
                assert advised is not None
                found.append(NewSpread(given["sku"], clause, guaranteed, advised))
        return found


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_CHARACTERS]


def _decimal(text: str) -> Decimal | None:
    try:
        return read_amount(text, places=4)
    except UnreadableInput:
        return None


def _rows(data: Any, prefix: str, names: tuple[str, ...]) -> list[Row]:
    columns = [data.getlist(f"{prefix}-{name}")[:MAX_ROWS] for name in names]
    length = max(map(len, columns))
    padded = [[*column, *[""] * (length - len(column))] for column in columns]
    return [Row(dict(zip(names, map(_clean, row), strict=True))) for row in zip(*padded, strict=True)]


def _regions(typed: set[str]) -> dict[str, list[Region]]:
    """Return regions by the typed text: by code, otherwise by full name, otherwise by name."""
    names = typed - {""}
    rows = list(
        Region.objects.filter(code__in=names).union(
            Region.objects.filter(full_name__in=names), Region.objects.filter(name__in=names)
        )
    )
    found: dict[str, list[Region]] = {}
    for text in names:
        for attribute in ("code", "full_name", "name"):
            fitting = sorted(
                (row for row in rows if getattr(row, attribute) == text), key=lambda row: row.code
            )
            if fitting:
                found[text] = fitting
                break
    return found


def blank(actor: Actor) -> Typed:
    """Return the form of a new draft, with the actor's party as manufacturer."""
    maker = Party.objects.filter(id=actor.party_id, kind=MANUFACTURER).values_list("code", flat=True).first()
    values = dict.fromkeys(SINGLE, "") | {"manufacturer": maker or ""}
    return Typed(values, [], [], filled=False).padded(2, MORE_ROWS)


def of_contract(contract: Contract, version: str) -> Typed:
    """Return the form of a stored draft; `version` is the hash of its text."""
    values: Mapping[str, str] = {
        "code": contract.code,
        "manufacturer": contract.manufacturer.code,
        "dealer": contract.dealer.code,
        "member": contract.member.code,
        "starts_on": contract.starts_on.isoformat(),
        "last_day": (contract.until - timedelta(days=1)).isoformat(),
        "delivery_hours": "" if contract.delivery_hours is None else str(contract.delivery_hours),
        "late_fee": str(contract.late_fee),
        "version": version,
    }
    areas = [
        Row({"category": area.category.code, "region": area.region.full_name})
        for area in places_of([contract.id]).get(contract.id, [])
    ]
    spreads = SpreadTerm.objects.filter(contract=contract).select_related("product")
    rows = [
        Row(
            {
                "clause": one.clause,
                "sku": one.product.sku,
                "guaranteed": f"{one.guaranteed:f}",
                "advised_resale": f"{one.advised_resale:f}",
            }
        )
        for one in spreads.order_by("clause", "product__sku")
    ]
    return Typed(dict(values), areas, rows).padded()
