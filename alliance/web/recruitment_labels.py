"""Labels of applications and authorisations, and the timeline of an application."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Delivery, Letter
from accounts.queries.message_text import message_text
from alliance.domain import qualification
from alliance.models import Application, ApplicationEntry
from alliance.queries.verification import EXPIRED, EXPIRING, REVOKED, UPCOMING, VALID
from dealers.domain import duplicate
from ui.web.components import Badge, Event

Entry = ApplicationEntry.Kind
MOODS = {
    qualification.RECEIVED: ("info", "inbox"),
    qualification.REVIEWING: ("info", "eye"),
    qualification.QUESTIONED: ("warn", "message-question"),
    qualification.ACCEPTED: ("good", "circle-check"),
    qualification.REFUSED: ("bad", "circle-x"),
}
CHECKS = {
    "licence": (
        gettext_lazy("Licence"),
        gettext_lazy("the business licence matches the credit code and is in force"),
    ),
    "credit_record": (
        gettext_lazy("Credit record"),
        gettext_lazy("no entry as a defaulter, no open court case about payment"),
    ),
    "site": (gettext_lazy("Site"), gettext_lazy("office and warehouse were visited and are what was stated")),
    "vehicles": (gettext_lazy("Vehicles"), gettext_lazy("the vehicles reach the outlets of the region")),
    "channels": (
        gettext_lazy("Channels"),
        gettext_lazy("named outlets confirm that the company supplies them"),
    ),
    "no_conflict": (
        gettext_lazy("No conflict"),
        gettext_lazy("no exclusive region of another partner is touched, and no known diversion"),
    ),
}
CRITERIA = {
    "coverage": gettext_lazy("Coverage of outlets"),
    "logistics": gettext_lazy("Warehouse and delivery"),
    "people": gettext_lazy("Sales people"),
    "funds": gettext_lazy("Funds"),
    "cooperation": gettext_lazy("Will to cooperate"),
}
BANDS = {
    duplicate.DUPLICATE: (gettext_lazy("very probably the same"), "bad", "copy-check"),
    duplicate.SUCCESSOR: (gettext_lazy("the same door under another name"), "warn", "replace"),
    duplicate.ASK: (gettext_lazy("perhaps the same: ask"), "warn", "help-circle"),
    duplicate.NEW: (gettext_lazy("only the phone is the same"), "info", "phone"),
}
AUTHORISATION = {
    VALID: (gettext_lazy("valid"), "good", "circle-check"),
    UPCOMING: (gettext_lazy("not in force yet"), "info", "clock"),
    EXPIRING: (gettext_lazy("expires soon"), "warn", "alarm"),
    EXPIRED: (gettext_lazy("expired"), "", "clock-off"),
    REVOKED: (pgettext_lazy("authorisation", "revoked"), "bad", "ban"),
}


LETTER_STATES: dict[str, str] = {Delivery.State.SENT: "done", Delivery.State.FAILED: "bad"}


def application_badge(application: Application) -> Badge:
    mood, icon = MOODS[application.state]
    return Badge(str(application.get_state_display()), mood, icon)


def band_badge(band: str) -> Badge:
    label, mood, icon = BANDS[band]
    return Badge(str(label), mood, icon)


def authorisation_badge(state: str) -> Badge:
    label, mood, icon = AUTHORISATION[state]
    return Badge(str(label), mood, icon)


def timeline(
    entries: Iterable[ApplicationEntry], application: Application, letters: Iterable[Letter] = ()
) -> list[Event]:
    """Return entries and letters of an application as events, newest first; what is awaited is on top."""
    dated = [(one.at, _event(one)) for one in entries]
    dated += [(one.created_at, _letter_event(one)) for one in letters]
    events = [event for _at, event in sorted(dated, key=lambda pair: pair[0])]
    if application.state == qualification.QUESTIONED and application.question_until is not None:
        until = date_format(application.question_until, "SHORT_DATE_FORMAT")
        note = _("by %(day)s") % {"day": until}
        events.append(Event(_("the applicant's answer is awaited"), state="open", note=note))
    return events[::-1]


def _letter_event(letter: Letter) -> Event:
    """Return a letter as an event: by what way it went, and whether it arrived there."""
    way = {"way": letter.get_channel_display(), "state": letter.get_state_display()}
    note = _("%(way)s to the applicant: %(state)s") % way
    state = LETTER_STATES.get(letter.state, "open")
    return Event(message_text(letter.title, letter.params), letter.created_at, "", note, state=state)


def _event(entry: ApplicationEntry) -> Event:
    title, note = str(entry.get_kind_display()), entry.text
    if entry.kind == Entry.VISIT and entry.on is not None:
        title = _("site visit on %(day)s") % {"day": date_format(entry.on, "SHORT_DATE_FORMAT")}
    if entry.kind == Entry.CHECKED:
        note = _("%(met)s items are met") % {"met": entry.text}
    if entry.kind == Entry.SCORED:
        note = _("%(score)s of 100") % {"score": entry.text} if entry.text else _("not all criteria yet")
    state = "bad" if entry.kind == Entry.REFUSED else "done"
    return Event(title, entry.at, entry.who, note, state=state)
