"""The digest of a posting, in Python for posting and in SQL for verification.

digest = sha256(previous digest + the posting's content), in hex. Free text is preceded by its
length, so that two different postings never have the same content.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID


def digest_of(
    *,
    previous: str,
    book_id: UUID,
    seq: int,
    kind: str,
    source: str,
    at: datetime,
    memo: str,
    posted_by: str,
    reverses: UUID | None,
    lines: Iterable[tuple[str, Decimal]],
) -> str:
    """Return the digest of a posting. `lines` are (account kind, amount), in any order."""
    entries = ";".join(sorted(f"{account}={amount:.2f}" for account, amount in lines))
    content = (
        f"{previous}|{book_id}|{seq}|{kind}|{len(source)}:{source}"
        f"|{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}|{len(memo)}:{memo}|{len(posted_by)}:{posted_by}"
        f"|{reverses or ''}|{entries}"
    )
    return sha256(content.encode()).hexdigest()


DIGEST_SQL = (
    "encode(sha256(convert_to(concat(j.previous, '|', j.book_id, '|', j.seq, '|', j.kind,"
    " '|', length(j.source), ':', j.source,"
    " '|', to_char(j.at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US'),"
    " '|', length(j.memo), ':', j.memo, '|', length(j.posted_by), ':', j.posted_by,"
    " '|', j.reverses_id, '|', e.entries), 'UTF8')), 'hex')"
)
