"""Try the tiny room everywhere that it registers itself, and print what each place answered, as JSON.

The test runs this as a process of its own: with the room in INSTALLED_APPS and a database of its own.
"""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.utils import timezone
from noticeboard.models import Notice
from noticeboard.operations import post_notice

from accounts.rights import MANUFACTURER, Actor, NotAllowed, all_rights
from audit.models import AuditEntry
from audit.registry import action_label, target_label
from config import celery_app
from jobs.models import OutboxDue
from jobs.operations.jobs import request_job, run_job
from jobs.operations.outbox import deliver
from portal.tasks import daily
from tenancy.context import tenant_active
from tenancy.models import Tenant
from tests.people import a_member_of, signed_in
from ui.models import SearchToken
from ui.web.lists import LISTS

setup_test_environment()
celery_app.conf.broker_url = "memory://"
call_command("migrate", "noticeboard", database="owner", verbosity=0)

acme, bolt = Tenant.objects.get(slug="acme"), Tenant.objects.get(slug="bolt")
director = a_member_of(acme)
owner, purchaser = a_member_of(acme, "dealer", "owner"), a_member_of(acme, "dealer", "purchaser")
stranger = a_member_of(bolt)
now = timezone.now()


def page(client: Client, path: str) -> str:
    response = client.get(path, headers={"accept-language": "en"})
    return response.content.decode() if response.status_code == 200 else f"status {response.status_code}"


def acting(membership: object, role: str) -> Actor:
    return Actor(membership.party_id, MANUFACTURER, role, membership.user_id)


with tenant_active(acme):
    notice = post_notice(title="Stocktaking in July", by=acting(director, "director"), at=now)
    old = Notice.objects.create(title="Long ago", posted_at=now - timedelta(days=400))
    job = request_job("noticeboard.count", {}, by=director.user_id)
    due = list(OutboxDue.objects.values_list("id", flat=True))
    trail = list(AuditEntry.objects.filter(target_id=str(notice.id)).values_list("action", "target"))
    try:
        post_notice(title="No right", by=acting(director, "finance"), at=now)
        refused = False
    except NotAllowed:
        refused = True
for message_id in due:
    deliver(tenant_id=acme.id, message_id=message_id, at=now)
job_state = run_job(tenant_id=acme.id, job_id=job.id)
with tenant_active(acme):
    SearchToken.objects.filter(noun="notice").delete()
call_command("reindex_search", verbosity=0)

staff, dealer, buyer = signed_in(director), signed_in(owner), signed_in(purchaser)
found = {
    "staff list": page(staff, "/notices"),
    "staff home": page(staff, "/"),
    "dealer home": page(dealer, "/"),
    "purchaser home": page(buyer, "/"),
    "purchaser list": page(buyer, "/notices"),
    "stranger list": page(signed_in(stranger), "/notices"),
    "detail": page(staff, f"/notices/{notice.id}"),
    "job state": job_state,
    "job desk": page(staff, "/jobs"),
    "search": page(staff, "/search?q=stock"),
    "purchaser search": page(buyer, "/search?q=stock"),
    "inbox": page(dealer, "/inbox"),
    "preferences": page(dealer, "/me/messages"),
    "purchaser inbox": page(buyer, "/inbox"),
    "audit trail": [[action_label(action), target_label(target)] for action, target in trail],
    "rights": sorted(right for right in all_rights() if right.startswith("notice.")),
    "refused": refused,
    "exported lists": "notices" in LISTS,
}
daily(at=now.isoformat())
with tenant_active(acme):
    found["after the daily round"] = list(Notice.objects.values_list("title", flat=True))
json.dump(found, sys.stdout)
