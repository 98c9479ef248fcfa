"""Labels of breaches and of guarantees in the running month."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from alliance.domain.breach import AT_RISK, BROKEN, MET
from alliance.models import Breach
from ui.web.components import Badge, Event

State, Decision = Breach.State, Breach.Decision


def breach_badge(breach: Breach, today: date) -> Badge:
    """Return the badge of a breach; an open one whose days to reply have passed waits for a decision."""
    if breach.state == State.OPEN and breach.reply_by >= today:
        return Badge(str(State.OPEN.label), "info", "message-reply")
    if breach.state in (State.OPEN, State.REPLIED):
        return Badge(str(State.REPLIED.label), "warn", "gavel")
    if breach.state == State.BOOKED:
        return Badge(str(State.BOOKED.label), "good", "circle-check")
    mood = "" if breach.decision == Decision.DISMISSED else "info"
    return Badge(breach.get_decision_display(), mood, "gavel")


def standing_badge(state: str) -> Badge:
    """Return the badge of a guarantee in the running month."""
    if state == MET:
        return Badge(_("met so far"), "good", "circle-check")
    if state == AT_RISK:
        return Badge(_("at risk"), "warn", "alert-triangle")
    if state == BROKEN:
        return Badge(_("not met"), "bad", "alert-octagon")
    return Badge(_("not measured yet"), "", "circle-dashed")


def breach_events(breach: Breach, replies: list[tuple[str, str, bool, str, object]]) -> list[Event]:
    """Return what happened to a breach; `replies` are (party, person, accepts, reason, moment)."""
    found = [Event(_("found by the measurement of the month"), breach.opened_at)]
    for party, person, accepts, reason, at in replies:
        title = _("%(party)s accepts") if accepts else _("%(party)s contests")
        state = "done" if accepts else "bad"
        found.append(Event(title % {"party": party}, at, person, reason, state=state))  # type: ignore[arg-type]  # a moment
    if breach.decided_at is not None:
        who = str(breach.decided_by) if breach.decided_by else ""
        note = breach.reason or _("Nothing is owed any more.")
        found.append(Event(breach.get_decision_display(), breach.decided_at, who, note))
    elif breach.state == State.BOOKED:
        found.append(Event(_("undisputed: no decision was needed"), note=_("the contract says so")))
    elif breach.state == State.OPEN:
        day = date_format(breach.reply_by, "SHORT_DATE_FORMAT")
        found.append(Event(_("reply by %(day)s") % {"day": day}, state="now"))
    if breach.state == State.BOOKED:
        found.append(Event(_("booked to the member's wallet")))
    elif breach.decision != Decision.DISMISSED:
        found.append(Event(_("booked to the member's wallet"), state="open"))
    return found
