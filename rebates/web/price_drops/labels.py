"""Badges and the course of a price-drop claim."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from rebates.models import PriceDropClaim
from ui.web.components import Badge, Event

State, Reply = PriceDropClaim.State, PriceDropClaim.Reply


def claim_badge(claim: PriceDropClaim) -> Badge:
    """Return the state of a claim; one that is to decide says what the partner replied."""
    label = claim.get_state_display()
    match claim.state:
        case State.WAITING:
            return Badge(label, "info", "message-reply")
        case State.REPLIED:
            return Badge(label, "warn", "gavel")
        case State.POSTED:
            return Badge(label, "good", "circle-check")
        case State.REFUSED:
            return Badge(label, "bad", "ban")
        case _:
            return Badge(label, "", "circle-dashed")


def claim_events(claim: PriceDropClaim, today: date) -> list[Event]:
    """Return what happened to a claim, and what is still to come."""
    found = [Event(_("computed and sent to the partner"), claim.sent_at)]
    if claim.answered_at is not None:
        title = _("units without a receipt explained")
        found.append(Event(title, claim.answered_at, claim.answered_by, claim.answer))
    if claim.replied_at is not None:
        state = "bad" if claim.reply == Reply.DISPUTED else "done"
        title = str(claim.get_reply_display())
        found.append(Event(title, claim.replied_at, claim.replied_by, claim.reply_reason, state=state))
    elif claim.state == State.WAITING:
        day = date_format(claim.reply_by, "SHORT_DATE_FORMAT")
        found.append(Event(_("reply by %(day)s") % {"day": day}, state="now"))
    if claim.decided_at is not None:
        state = "bad" if claim.state == State.REFUSED else "done"
        title = str(claim.get_state_display())
        found.append(Event(title, claim.decided_at, claim.decided_by, claim.reason, state=state))
    elif claim.state != State.NOTHING:
        found.append(Event(_("approved by two people and posted once"), state="open"))
    return found
