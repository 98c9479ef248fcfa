"""The bar of available credit, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kernel.money import ZERO
from ledger.queries import Position
from ui.web.components import Part, Split, hundredths
from ui.web.numbers import grouped


def credit_bar(positions: Sequence[Position], today: date) -> Split | None:
    """Return the credit limit as owed, ordered and available, summed over the books with a limit.

    A prepayment lowers what is owed. None if no book has a limit.
    """
    limited = [(one, credit) for one in positions if (credit := one.credit(today)) is not None]
    if not limited:
        return None
    limit = sum((credit.limit for _one, credit in limited), ZERO)
    ordered = sum((credit.open_orders for _one, credit in limited), ZERO)
    owed = sum((credit.exposure for _one, credit in limited), ZERO) - ordered
    available = sum((credit.available for _one, credit in limited), ZERO)
    prepaid = sum((one.prepayment for one, _credit in limited), ZERO)
    used, waiting = hundredths(owed, limit), hundredths(ordered, limit)
    owed_label = _("owed less prepayment %(amount)s") if prepaid else _("owed %(amount)s")
    parts = [
        Part("used", "0", used, owed_label % _amount(owed)),
        Part("main", used, waiting, _("ordered %(amount)s") % _amount(ordered)),
    ]
    note = _("limit %(limit)s") % {"limit": grouped(limit, 2)}
    extra = [one for position, _credit in limited if (one := position.temporary_on(today)) is not None]
    if extra:
        end = min(one.period.until for one in extra if one.period.until is not None)
        note = _("limit %(limit)s incl. temporary %(extra)s until %(day)s") % {
            "limit": grouped(limit, 2),
            "extra": grouped(sum((one.amount for one in extra), ZERO), 2),
            "day": date_format(end - timedelta(days=1), "SHORT_DATE_FORMAT"),
        }
    return Split(_("Available credit"), grouped(available, 2), parts, note)


def _amount(amount: Decimal) -> dict[str, str]:
    return {"amount": grouped(amount, 2)}
