"""Post notices, count them and delete old ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.rights import Actor
from audit.operations.recording import record
from jobs.models import Job
from jobs.operations.jobs import Step, job_step
from jobs.operations.outbox import announce
from kernel.search import search_tokens
from noticeboard.audit_actions import NoticeAction
from noticeboard.models import Notice
from tenancy.context import joined_transaction
from ui.operations import search_index

MAX_AGE = timedelta(days=365)


def post_notice(*, title: str, by: Actor, at: datetime) -> Notice:
    """Post a notice; raise NotAllowed for an actor without the right."""
    by.must("notice.post")
    with joined_transaction():
        notice = Notice.objects.create(title=title, posted_at=at)
        index_notices([notice])
        record(NoticeAction.POSTED, notice, by=by, at=at, title=title)
        announce("noticeboard.posted", {"notice_id": str(notice.id)}, at=at)
    return notice


def index_notices(notices: Iterable[Notice]) -> None:
    search_index.index("notice", ((one.id, search_tokens(names=[one.title])) for one in notices))


def reindex_notices() -> None:
    """Write the search tokens of all notices of the active tenant again."""
    index_notices(Notice.objects.iterator(chunk_size=2000))


def delete_old_notices(*, by: Actor, at: datetime) -> int:
    """Delete the active tenant's notices of more than a year ago, and return how many they were."""
    return int(Notice.objects.filter(posted_at__lt=at - MAX_AGE).delete()[0])


@job_step("noticeboard.count")
def count_notices(job: Job) -> Step:
    count = Notice.objects.count()
    return Step(done=count, total=count, message=str(count))
