"""What publishing a price list demands: a current dry run, and a reason where it breaks a promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from accounts.rights import Actor, NotAllowed
from approvals.domain.rules import FieldChange
from kernel.refusals import Refusal
from pricing.models import DryRun, PriceList
from pricing.queries.dry_run.runs import digest_of, is_current, latest_run
from pricing.queries.dry_run.sentences import broken_sentence
from tenancy.queries import day_of_tenant
from tenancy.rooms import price_list_checks

MAX_REASON_CHARACTERS = 500
RIGHT = "price.publish_breaking"
REASON, OWED = gettext_noop("Reason of the publication"), gettext_noop("Owed each month")
FINDING = gettext_noop("Finding of the dry run")


class DryRunMissing(Refusal):
    code = "dry_run_missing"


class DryRunOutdated(Refusal):
    code = "dry_run_outdated"


class BreakingChange(Refusal):
    """The list breaks guaranteed spreads or inverts steps of the ladder, and no reason is given."""

    code = "breaking_change"


def demanded_run(draft: PriceList, *, reason: str, by: Actor, at: datetime) -> DryRun | None:
    """Return the current dry run of a draft that may be published; None for the platform itself.

    Raise DryRunMissing or DryRunOutdated; BreakingChange for the manufacturer's list that breaks something
    without a reason, NotAllowed if the actor is no person with the right to publish it all the same.
    """
    if by.is_platform:
        return None
    run = current_run(draft, at)
    if run.breaking:
        _must_break(run, reason=reason, by=by)
    return run


def current_run(draft: PriceList, at: datetime) -> DryRun:
    """Return the finished dry run of the draft as it is now. Raise DryRunMissing or DryRunOutdated."""
    run = latest_run(draft)
    if run is None or run.finished_at is None:
        raise DryRunMissing(_("Publishing needs a dry run of this draft. Run it first."), field="dry_run")
    if not is_current(run, digest_of(draft), day_of_tenant(at)):
        message = _("The draft was changed after its dry run, or the dry run is too old. Run it again.")
        raise DryRunOutdated(message, field="dry_run")
    return run


def _must_break(run: DryRun, *, reason: str, by: Actor) -> None:
    spreads, steps = run.figures["spread"], run.figures["ladder"]
    if not reason.strip():
        broken = broken_sentence(spreads["contracts"], steps["steps"])
        message = _("With this list %(broken)s. Correct it, or publish it by name with a reason.")
        raise BreakingChange(
            message % {"broken": broken},
            field="reason",
            contracts=spreads["contracts"],
            steps=steps["steps"],
            owed=str(run.owed),
        )
    if len(reason) > MAX_REASON_CHARACTERS:
        raise ReasonTooLong(_("This is too long."), field="reason")
    by.must(RIGHT)
    if by.person_id is None:
        raise NotAllowed(_("A person publishes such a list by name; this key has no issuer."), right=RIGHT)


class ReasonTooLong(Refusal):
    code = "too_long"


def run_changes(run: DryRun | None, reason: str) -> Iterator[FieldChange]:
    """Return what the second person reads of the dry run: its findings by kind, what is owed, the reason."""
    if run is None:
        return
    for check in price_list_checks().values():
        count = run.figures.get(check.code, {}).get("count", 0)
        if count:
            found = ngettext("%(n)s finding", "%(n)s findings", count) % {"n": count}
            yield FieldChange(FINDING, str(check.label), found)
    if run.owed:
        yield FieldChange(OWED, "—", str(run.owed))
    if run.breaking:
        yield FieldChange(REASON, "—", reason)


def record_publication(run: DryRun | None, *, reason: str, by: Actor, at: datetime) -> dict[str, object]:
    """Store who published the list and why; return the facts for the audit trail."""
    if run is None:
        return {}
    run.reason = reason if run.breaking else ""
    run.published_by, run.published_at = by.label[:200], at
    run.save(update_fields=["reason", "published_by", "published_at"])
    facts: dict[str, object] = {"dry_run": str(run.id)}
    if run.breaking:
        facts |= {"breaking": run.breaking, "owed": str(run.owed), "reason": reason}
    return facts
