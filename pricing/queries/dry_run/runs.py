"""The dry run of a draft: the digest that binds it to the draft's content, and whether it is current."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta

from django.db import connection

from pricing.models import DryRun, PriceList
from tenancy.context import active_tenant_id

MAX_AGE = timedelta(days=7)


def digest_of(draft: PriceList) -> str:
    """Return the SHA-256 of all that a draft would publish: its fields and its rows. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), encode(sha256(convert_to(coalesce(string_agg("
            "  concat_ws(' ', product_id, min_qty, per, trim_scale(price), trim_scale(advised_resale)), ';'"
            "  ORDER BY product_id, min_qty), ''), 'UTF8')), 'hex')"
            " FROM pricing_priceentry WHERE tenant_id = %s AND price_list_id = %s",
            [active_tenant_id(), draft.id],
        )
        rows = cursor.fetchone()
    content = [
        str(draft.seller_id),
        draft.code,
        draft.version,
        draft.audience_kind,
        draft.audience_value,
        draft.priority,
        str(draft.starts_on),
        str(draft.until),
        draft.tax_included,
        *rows,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def latest_run(price_list: PriceList) -> DryRun | None:
    """Return the last dry run that was requested of a list."""
    found: DryRun | None = DryRun.objects.filter(price_list=price_list).order_by("-id").first()
    return found


def is_current(run: DryRun, digest: str, today: date) -> bool:
    """Return whether a finished dry run is of this content, and not of prices long past."""
    return run.finished_at is not None and run.digest == digest and today - run.on <= MAX_AGE
