"""Posting: the only code that writes journals, entries and open items.

Lock order: books by id, before an operation locks anything else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from kernel.array_literals import with_array_literals
from kernel.money import ZERO
from kernel.refusals import Refusal
from ledger.operations.hash_chain import digest_of
from tenancy.context import active_tenant_id
from tenancy.models import new_id

Line = tuple[str, Decimal]
RECEIVABLE = "receivable"


class Unbalanced(Refusal):
    code = "unbalanced"


class NoSuchBook(Refusal):
    code = "not_found"


@dataclass(frozen=True, slots=True)
class Posting:
    """A journal to post. `lines` are (account kind, amount), debit positive, that sum to zero.

    An amount added to the receivable becomes an open item, due on `due_on` or at once. An amount taken
    from it must be booked as a credit (see operations.receipts), which settles open items.
    """

    book_id: UUID
    kind: str
    source: str
    at: datetime
    lines: Sequence[Line]
    memo: str = ""
    due_on: date | None = None
    posted_by: str = ""
    reverses: UUID | None = None

    @property
    def receivable(self) -> Decimal:
        return sum((amount for kind, amount in self.lines if kind == RECEIVABLE), ZERO)


@dataclass(slots=True)
class Head:
    """The end of the hash chain of a locked book, and the number of its last order."""

    seq: int
    digest: str
    orders: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted journal. `is_new` is False if the source was posted before; then nothing was changed."""

    journal_id: UUID
    is_new: bool


def post(
    *,
    book_id: UUID,
    kind: str,
    source: str,
    at: datetime,
    lines: Sequence[Line],
    memo: str = "",
    due_on: date | None = None,
    posted_by: str = "",
    reverses: UUID | None = None,
) -> Posted:
    """Post one journal in three statements. For a source posted before, return the existing journal.

    Raise Unbalanced or NoSuchBook.
    """
    posting = Posting(book_id, kind, source, at, lines, memo, due_on, posted_by, reverses)
    return post_many([posting])[source]


def post_many(postings: Sequence[Posting]) -> dict[str, Posted]:
    """Post any number of journals in three statements; return them by source.

    Of two postings with the same source the first is posted. Raise Unbalanced or NoSuchBook.
    """
    if not postings:
        return {}
    check(postings)
    heads = lock_books({posting.book_id for posting in postings})
    known = known_sources([posting.source for posting in postings])
    fresh: dict[str, Posting] = {}
    for posting in postings:
        if posting.source not in known:
            fresh.setdefault(posting.source, posting)
    made = write(list(fresh.values()), heads)
    return {source: Posted(journal, False) for source, journal in known.items()} | {
        source: Posted(journal, True) for source, journal in made.items()
    }


def check(postings: Iterable[Posting]) -> None:
    """Raise Unbalanced for entries that do not sum to zero, a missing source, or a lower receivable."""
    for posting in postings:
        if not posting.source or sum((amount for _, amount in posting.lines), ZERO):
            message = _("The posting “%(source)s” does not balance, or names no source.")
            message %= {"source": posting.source}
            raise Unbalanced(message, source=posting.source)
        if posting.receivable < 0:
            message = _("What lowers a receivable is booked as a credit, which settles open items.")
            raise Unbalanced(message, source=posting.source)


def lock_books(book_ids: Iterable[UUID]) -> dict[UUID, Head]:
    """Lock the books in order of their ids; return the end of the hash chain of each. Raise NoSuchBook."""
    wanted = set(book_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, seq, head, orders FROM ledger_book WHERE tenant_id = %s AND id = ANY(%s::uuid[])"
            " ORDER BY id FOR NO KEY UPDATE",
            [active_tenant_id(), [str(book) for book in wanted]],
        )
        heads = {row[0]: Head(*row[1:]) for row in cursor.fetchall()}
    if len(heads) != len(wanted):
        raise NoSuchBook(_("There is no such account."), books=sorted(map(str, wanted - heads.keys())))
    return heads


def known_sources(sources: Sequence[str]) -> dict[str, UUID]:
    """Return the journals of those sources that are posted. Call it with the books locked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source, id FROM ledger_journal WHERE tenant_id = %s AND source = ANY(%s)",
            [active_tenant_id(), list(sources)],
        )
        return dict(cursor.fetchall())


WRITE_POSTINGS = (
    "write_postings("
    "%(tenant)s, %(ids)s, %(books)s, %(seqs)s, %(kinds)s, %(sources)s, %(ats)s, %(bys)s, %(memos)s, "
    "%(reverses)s, %(previous)s, %(digests)s, %(entry_ids)s, %(entry_journals)s, %(entry_books)s, "
    "%(entry_kinds)s, %(amounts)s, %(item_ids)s, %(item_books)s, %(item_journals)s, %(item_sources)s, "
    "%(item_dues)s, %(item_amounts)s, %(head_books)s, %(head_seqs)s, %(heads)s, %(orders)s)"
)


def write(postings: Sequence[Posting], heads: dict[UUID, Head]) -> dict[str, UUID]:
    """Write postings of locked books in one statement, and advance `heads`. Return journals by source.

    The sources must be new. For callers that lock the books themselves; all others call `post` or
    `post_many`.
    """
    if not postings:
        return {}
    columns, made = posting_columns(postings, heads)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {WRITE_POSTINGS}", with_array_literals(columns))
        (written,) = cursor.fetchone()
    check_written(written, columns)
    return made


def check_written(lines: int, columns: dict[str, Any]) -> None:
    """Raise NoSuchBook if an entry was not written because its account is missing."""
    if lines != len(columns["entry_ids"]):
        raise NoSuchBook(_("A book lacks an account that is posted to: open it anew."))


def posting_columns(
    postings: Sequence[Posting], heads: dict[UUID, Head]
) -> tuple[dict[str, Any], dict[str, UUID]]:
    """Return the parameters of WRITE_POSTINGS and the new journals by source; advance `heads`."""
    rows: list[tuple[Any, ...]] = []
    entries: list[tuple[Any, ...]] = []
    items: list[tuple[Any, ...]] = []
    made: dict[str, UUID] = {}
    for posting in postings:
        head, journal_id = heads[posting.book_id], new_id()
        previous, head.seq = head.digest, head.seq + 1
        lines = [line for line in posting.lines if line[1]]
        head.digest = digest_of(
            previous=previous,
            book_id=posting.book_id,
            seq=head.seq,
            kind=posting.kind,
            source=posting.source,
            at=posting.at,
            memo=posting.memo,
            posted_by=posting.posted_by,
            reverses=posting.reverses,
            lines=lines,
        )
        book, journal = str(posting.book_id), str(journal_id)
        made[posting.source] = journal_id
        rows.append(
            (
                journal,
                book,
                head.seq,
                posting.kind,
                posting.source,
                posting.at,
                posting.posted_by,
                posting.memo,
                str(posting.reverses) if posting.reverses else None,
                previous,
                head.digest,
            )
        )
        entries += [(str(new_id()), journal, book, kind, amount) for kind, amount in lines]
        if (owed := posting.receivable) > 0:
            due_on = posting.due_on or posting.at.date()
            items.append((str(new_id()), book, journal, posting.source, due_on, owed))
    moved = sorted(heads)
    columns: dict[str, Any] = {
        "tenant": active_tenant_id(),
        **_columns("ids books seqs kinds sources ats bys memos reverses previous digests", rows),
        **_columns("entry_ids entry_journals entry_books entry_kinds amounts", entries),
        **_columns("item_ids item_books item_journals item_sources item_dues item_amounts", items),
        "head_books": [str(book) for book in moved],
        "head_seqs": [heads[book].seq for book in moved],
        "heads": [heads[book].digest for book in moved],
        "orders": [heads[book].orders for book in moved],
    }
    return columns, made


def _columns(names: str, rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    keys = names.split()
    values = zip(*rows, strict=True) if rows else ((),) * len(keys)
    return {key: list(column) for key, column in zip(keys, values, strict=True)}
