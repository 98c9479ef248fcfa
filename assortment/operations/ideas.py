"""Submit an idea for a new product, vote for one, and answer it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.rights import Actor
from assortment.audit_actions import IdeaAction
from assortment.models import Idea, IdeaVote
from audit.operations.recording import record
from catalogue.models import Category, Product
from catalogue.operations.products import add_product
from jobs.operations.outbox import announce
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_OPEN_IDEAS = 50


class BadIdea(Refusal):
    code = "bad_idea"


class IdeaExists(Refusal):
    code = "conflict"


class NoSuchIdea(Refusal):
    code = "not_found"


class IdeaAnswered(Refusal):
    code = "wrong_state"


def submit_idea(*, title: str, text: str, category_code: str = "", by: Actor, at: datetime) -> Idea:
    """Submit an idea of the actor's party, which votes for it. Raises BadIdea with the field, IdeaExists."""
    by.must("idea.submit")
    title, text = _checked(title, "title", 100), _checked(text, "text", 1000)
    category = Category.objects.filter(code=category_code).first() if category_code else None
    if category_code and category is None:
        raise BadIdea(_("There is no such category."), field="category")
    with joined_transaction():
        mine = Idea.objects.filter(party_id=by.party_id)
        if mine.filter(title=title).exists():
            raise IdeaExists(_("You have submitted an idea with this title already."), field="title")
        if mine.filter(state=Idea.State.OPEN).count() >= MAX_OPEN_IDEAS:
            message = _("You have %(most)s open ideas: wait for the answers.") % {"most": MAX_OPEN_IDEAS}
            raise BadIdea(message, field="title")
        idea: Idea = Idea.objects.create(
            party_id=by.party_id,
            title=title,
            text=text,
            category=category,
            submitted_at=at,
            submitted_by=by.label[:200],
        )
        IdeaVote.objects.create(idea=idea, party_id=by.party_id, at=at)
        record(IdeaAction.SUBMIT, idea, by=by, at=at, title=title)
    return idea


def vote_for(*, idea_id: UUID, wanted: bool, by: Actor, at: datetime) -> int:
    """Give the vote of the actor's party, or take it back; return the votes. Repeating changes nothing.

    Raises NoSuchIdea, IdeaAnswered.
    """
    by.must("idea.submit")
    with joined_transaction():
        idea = _open(idea_id)
        mine = {"idea": idea, "party_id": by.party_id}
        if wanted:
            IdeaVote.objects.get_or_create(**mine, defaults={"at": at})
        else:
            IdeaVote.objects.filter(**mine).delete()
        return int(idea.votes.count())


def take_up_idea(*, idea_id: UUID, sku: str, name: str, answer: str, by: Actor, at: datetime) -> Idea:
    """Take an idea up as a new product in development, and notify its party.

    Raises NoSuchIdea, IdeaAnswered, BadIdea, and what add_product raises.
    """
    by.must("catalogue.edit")
    with joined_transaction():
        idea = _open(idea_id)
        product = Product(sku=sku, name=name, category=idea.category, stage=Product.Stage.DEVELOPMENT)
        idea.product = add_product(product=product, by=by, at=at)
        return _answered(idea, Idea.State.TAKEN_UP, answer, by, at)


def decline_idea(*, idea_id: UUID, answer: str, by: Actor, at: datetime) -> Idea:
    """Decline an idea with the reason, and notify its party. Raises NoSuchIdea, IdeaAnswered, BadIdea."""
    by.must("catalogue.edit")
    with joined_transaction():
        return _answered(_open(idea_id), Idea.State.DECLINED, answer, by, at)


def _answered(idea: Idea, state: str, answer: str, by: Actor, at: datetime) -> Idea:
    idea.state, idea.answer = state, _checked(answer, "answer", 500)
    idea.answered_at, idea.answered_by = at, by.label[:200]
    idea.save(update_fields=["state", "answer", "answered_at", "answered_by", "product"])
    record(IdeaAction.ANSWER, idea, by=by, at=at, state=state, answer=idea.answer)
    announce("assortment.idea_answered", {"idea_id": str(idea.id)}, at=at)
    return idea


def _open(idea_id: UUID) -> Idea:
    idea: Idea | None = Idea.objects.select_for_update().filter(id=idea_id).first()
    if idea is None:
        raise NoSuchIdea(_("There is no such idea."), field="idea")
    if idea.state != Idea.State.OPEN:
        raise IdeaAnswered(_("This idea is answered already."), field="idea")
    return idea


def _checked(text: str, field: str, longest: int) -> str:
    text = text.strip()
    if not text or len(text) > longest:
        raise BadIdea(_("This needs 1 to %(longest)d characters.") % {"longest": longest}, field=field)
    return text
