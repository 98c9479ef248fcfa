"""What one POST of the quick order changes: quantities, lines added, pasted or taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordering.domain.pasting import MAX_UNITS, Unread, read_cells, read_text, read_typed
from ordering.operations.placing import MAX_LINES
from ordering.queries.quick import CartLine, SheetProduct, last_lines, products_of, resolve
from ordering.web.quick_files import rows_of


@dataclass(slots=True)
class Edited:
    """The lines after the changes; what could not be read stays beside them and is lost nowhere.

    `candidates` are what a typed line may have meant: what to send as `pick`, and what it is
    called. `said` tells what was done.
    """

    lines: list[CartLine]
    unread: list[Unread] = field(default_factory=list)
    said: str = ""
    candidates: list[tuple[str, str]] = field(default_factory=list)
    typed: str = ""


def edited(request: HttpRequest, lines: Sequence[CartLine], *, seller_id: UUID, buyer_id: UUID) -> Edited:
    """The draft's lines with what the form changes. Raises FileRefused for a file that is no sheet."""
    post = request.POST
    deed, _colon, rest = post.get("deed", "").partition(":")
    if deed == "mine":
        mine, unread = resolve(read_text(post.get("mine", ""))[0])
        return Edited(mine, unread)
    after = Edited(_with_rows(lines, post))
    after.unread += _wrong_quantities(post)
    sku, _colon, count = rest.rpartition(":")
    if deed == "remove":
        after.lines = [line for line in after.lines if line.sku != rest]
    elif deed in ("more", "set") and count.isdecimal() and len(count) < 10:
        after.lines = [_counted(line, deed, int(count)) if line.sku == sku else line for line in after.lines]
    elif deed == "last":
        _add(after, last_lines(seller_id=seller_id, buyer_id=buyer_id), _("the last order"))
    _add_typed(after, post)
    _add_pasted(request, after, deed)
    return after


def _with_rows(lines: Sequence[CartLine], post: QueryDict) -> list[CartLine]:
    """The visible rows' quantities and units; a row without a quantity goes, a wrong one stays."""
    posted = {}
    for sku, qty, unit in zip(post.getlist("sku"), post.getlist("qty"), post.getlist("unit"), strict=False):
        posted[sku] = (qty.strip().replace(",", ""), unit[:20])
    after, known = [], set()
    for line in lines:
        known.add(line.sku)
        qty, unit = posted.get(line.sku, (str(line.qty), line.unit))
        if qty in ("", "0"):
            continue
        right = qty.isdecimal() and len(qty) < 11 and 1 <= int(qty) <= MAX_UNITS
        after.append(CartLine(line.sku, int(qty) if right else line.qty, unit))
    return after


def _wrong_quantities(post: QueryDict) -> list[Unread]:
    wrong = []
    for row, (sku, qty) in enumerate(zip(post.getlist("sku"), post.getlist("qty"), strict=False), start=1):
        plain = qty.strip().replace(",", "")
        if plain in ("", "0") or (plain.isdecimal() and len(plain) < 11 and int(plain) <= MAX_UNITS):
            continue
        reason = "too_large" if plain.isdecimal() else "not_whole"
        wrong.append(Unread(row, "quantity", reason, f"{sku} {qty}"[:200]))
    return wrong


def _counted(line: CartLine, deed: str, count: int) -> CartLine:
    return line._replace(qty=min(line.qty + count if deed == "more" else max(count, 1), MAX_UNITS))


def _add_typed(after: Edited, post: QueryDict) -> None:
    picked, typed = post.get("pick", ""), post.get("typed", "").strip()[:200]
    asked = read_typed(picked[:300] or typed)
    if asked is None:
        return
    if isinstance(asked, Unread):
        after.unread.append(asked)
        return
    found, unread = resolve([asked])
    if unread and unread[0].reason == "ambiguous" and not picked:
        wanted = f"\t{asked.qty}\t{asked.unit}" if asked.qty else ""
        names = [one.partition(" ") for one in unread[0].found]
        after.candidates = [(sku + wanted, f"{name} {sku}") for sku, _space, name in names]
        after.typed = typed
        return
    after.unread += unread
    _add(after, found, "")


def _add_pasted(request: HttpRequest, after: Edited, deed: str) -> None:
    pasted, file = request.POST.get("pasted", ""), request.FILES.get("file")
    writing_still = request.htmx and deed != "paste"  # type: ignore[attr-defined]
    if writing_still or deed == "leave" or not (pasted.strip() or file):
        return
    asked, unread = read_cells(rows_of(file.read(6 * 1024 * 1024))) if file else ([], [])
    more, wrong = read_text(pasted)
    found, unknown = resolve([*asked, *more])
    after.unread += [*unread, *wrong, *unknown]
    after.unread.sort(key=lambda one: one.row)
    _add(after, found, ngettext("%(n)d row", "%(n)d rows", len(found)) % {"n": len(found)})


def _add(after: Edited, found: Iterable[CartLine], what: str) -> None:
    """Adds lines; what is there already, or named twice, becomes one line of both."""
    merged = {line.sku: line for line in after.lines}
    twice: list[CartLine] = []
    for line in found:
        if line.sku not in merged and len(merged) >= MAX_LINES:
            after.unread.append(Unread(len(merged), "row", "too_many", f"{line.sku} {line.qty} {line.unit}"))
            continue
        here = merged.get(line.sku)
        if here is None:
            merged[line.sku] = line
        elif here.unit == line.unit:
            merged[line.sku] = here._replace(qty=min(here.qty + line.qty, MAX_UNITS))
        else:
            twice.append(line)
    products = products_of({line.sku for line in twice}) if twice else {}
    for line in twice:
        merged[line.sku] = _joined(merged[line.sku], line, products[line.sku])
    after.lines = list(merged.values())
    if what:
        after.said = _("Added: %(what)s.") % {"what": what}


def _joined(one: CartLine, other: CartLine, product: SheetProduct) -> CartLine:
    """Two units of one product, in base units."""
    units = one.qty * max(product.factor(one.unit), 1) + other.qty * max(product.factor(other.unit), 1)
    return CartLine(one.sku, min(units, MAX_UNITS), "")
