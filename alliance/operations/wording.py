"""The check that no clause fixes a resale price, and the recorded reasons why a flagged one does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor, NotAllowed
from alliance.audit_actions import ContractAction
from alliance.domain.resale_wording import fixed_prices
from alliance.models import Contract, WordingReview
from alliance.operations.contract_text import clause_digest, text_of
from alliance.operations.drafting import UnknownContract, locked_draft
from alliance.operations.new_terms import BadContract
from audit.operations.recording import record
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_REASON = 500


class FixesResalePrice(Refusal):
    """A clause fixes a resale price; `clauses` are the numbers of those that nobody has reviewed."""

    code = "price_fixing"


@dataclass(frozen=True, slots=True)
class FlaggedClause:
    """A clause whose words fix a resale price; `review` is who says why it does not, and the reason."""

    number: str
    heading: str
    body: str
    phrase: str
    review: dict[str, str] | None


def flagged_clauses(text: dict[str, Any]) -> list[FlaggedClause]:
    """Return the clauses of a text whose words fix a resale price, reviewed or not."""
    worded = [
        *((one, one["heading"], one["body"]) for one in text.get("clauses", [])),
        *((one, "", one["duty"]) for one in text.get("responsibilities", [])),
    ]
    found = []
    for one, heading, body in worded:
        phrases = fixed_prices(f"{heading}\n{body}")
        if phrases:
            review = one.get("review")
            found.append(FlaggedClause(one["clause"], heading, body, phrases[0].phrase, review))
    return found


def check_wording(text: dict[str, Any]) -> None:
    """Raise FixesResalePrice if a flagged clause has no review."""
    left = [one for one in flagged_clauses(text) if one.review is None]
    if left:
        message = _(
            "Clause %(number)s fixes a resale price: “%(phrase)s”. Reword it, or record why it fixes none."
        )
        numbers = [one.number for one in left]
        where = {"number": left[0].number, "phrase": left[0].phrase}
        raise FixesResalePrice(message % where, field="clauses", clauses=numbers)


def review_wording(*, contract_id: UUID, number: str, reason: str, by: Actor, at: datetime) -> WordingReview:
    """Record why a flagged clause of a draft fixes no resale price; only a named person may.

    The review holds until the clause is reworded. The reason and the name become part of the text.
    """
    by.must("contract.edit")
    if by.user_id is None:
        message = _("Only a person who is signed in says why a clause fixes no resale price.")
        raise NotAllowed(message, right="contract.edit")
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        message = _("Write the reason in 1 to %(max)s characters.") % {"max": MAX_REASON}
        raise BadContract(message, field="reason")
    with joined_transaction():
        contract = locked_draft(contract_id, by=by, at=at)
        flagged = {one.number: one for one in flagged_clauses(text_of(contract))}
        if number not in flagged:
            message = _("Clause %(number)s is not flagged.") % {"number": number}
            raise UnknownContract(message, field="number")
        clause = flagged[number]
        facts = {"reason": reason, "user_id": by.user_id, "person": by.label, "at": at}
        review, _made = WordingReview.objects.update_or_create(
            contract=contract,
            number=number,
            digest=clause_digest(clause.heading, clause.body),
            defaults=facts,
        )
        entry = {"clause": number, "phrase": clause.phrase, "reason": reason}
        record(ContractAction.REVIEW_WORDING, contract, by=by, at=at, code=contract.code, **entry)
    return review


def copy_reviews(old: Contract, new: Contract) -> None:
    """Copy the reviews to the next version: they hold for the clauses that stay word for word."""
    WordingReview.objects.bulk_create(
        WordingReview(
            contract=new,
            number=one.number,
            digest=one.digest,
            reason=one.reason,
            user_id=one.user_id,
            person=one.person,
            at=one.at,
        )
        for one in old.reviews.all()
    )
