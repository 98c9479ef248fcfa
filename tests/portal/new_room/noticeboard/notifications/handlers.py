from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.operations.notify import tell
from accounts.queries.message_links import link_to
from dealers.models import Party
from dealers.notifications.recipients import people_of
from jobs.operations.outbox import on
from noticeboard.models import Notice
from noticeboard.notifications import topics


@on("noticeboard.posted")
def posted(body: dict[str, Any], at: datetime) -> None:
    """Tell all who may read it."""
    notice = Notice.objects.get(id=body["notice_id"])
    parties = Party.objects.filter(is_active=True).values_list("id", flat=True)
    people = people_of(parties, right="notice.view", **link_to("notice", notice.id))
    source = f"noticeboard.posted:{notice.id}"
    tell(topic=topics.POSTED, people=people, params={"title": notice.title}, source=source, at=at)
