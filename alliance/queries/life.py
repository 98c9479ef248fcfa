"""Queries of a contract's life: what happened to its term, its stage, and its open matters."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, F, Sum
from django.utils.translation import gettext_lazy as _

from accounts.rights import Actor
from alliance.domain.term_events import TermEvent
from alliance.models import Contract, GuaranteeMonth
from tenancy.context import active_tenant_id
from tenancy.models import Tenant
from ui.queries.open_matters import OpenMatter, open_matters

END, AMENDMENT, RENEWAL = "end", "amendment", "renewal"


def term_events(*, first: date, until: date) -> list[TermEvent]:
    """Return the events of all contracts of the tenant with a day in `[first, until)`. Two statements.

    EARLY_END: an end before the day that the text agrees, unless all three agreed. NOTICE: such an end, and
    each next version that begins before that day. RENEWAL: a term that ran to its agreed day, with the days
    between the submission of a next version and that day.
    """
    tenant_id = active_tenant_id()
    zone = Tenant.objects.values_list("timezone", flat=True).get(id=tenant_id)
    given: dict[str, Any] = {
        "tenant": tenant_id,
        "zone": zone,
        "first": first,
        "until": until,
        "max_gap": _MAX_GAP_DAYS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, given)
        return [
            TermEvent(contract_id, metric, day, days, what, role, next_id)
            for contract_id, metric, day, days, what, role, next_id in cursor.fetchall()
        ]


_MAX_GAP_DAYS = 31
"""A next version that begins within so many days after the end renews the contract."""
_EVENTS = """
WITH signed AS MATERIALIZED (
  SELECT c.id, c.code, c.version, c.starts_on, c.until, c.ended_on, c.end_reason, c.ended_by_role,
         c.end_notice_on, (c.text #>> '{term,until}')::date AS agreed,
         (c.submitted_at AT TIME ZONE %(zone)s)::date AS offered_on
    FROM alliance_contract c
   WHERE c.tenant_id = %(tenant)s AND c.state IN ('active', 'ended') AND c.text ? 'term'
), early AS (
  SELECT * FROM signed WHERE ended_on >= %(first)s AND ended_on < %(until)s
     AND ended_on < agreed AND end_reason NOT IN ('term_over', 'replaced') AND ended_by_role <> 'mutual'
)
SELECT id, 'early_end', ended_on, greatest(0, ended_on - end_notice_on), 'end', ended_by_role, NULL::uuid
  FROM early
UNION ALL
SELECT id, 'notice', ended_on, greatest(0, ended_on - end_notice_on), 'end', ended_by_role, NULL FROM early
UNION ALL
SELECT old.id, 'notice', next.starts_on, greatest(0, next.starts_on - next.offered_on), 'amendment', '',
       next.id
  FROM signed next CROSS JOIN LATERAL (
    SELECT * FROM signed one WHERE one.code = next.code AND one.version < next.version
     ORDER BY one.version DESC LIMIT 1) old
 WHERE next.starts_on >= %(first)s AND next.starts_on < %(until)s AND next.starts_on < old.agreed
   AND (old.ended_on IS NULL OR old.ended_on >= next.starts_on)
UNION ALL
SELECT old.id, 'renewal', old.agreed, old.agreed - next.offered_on, 'renewal', '', next.id
  FROM signed old LEFT JOIN LATERAL (
    SELECT n.id, (n.submitted_at AT TIME ZONE %(zone)s)::date AS offered_on
      FROM alliance_contract n
     WHERE n.tenant_id = %(tenant)s AND n.code = old.code AND n.version > old.version
       AND n.state <> 'draft' AND n.submitted_at IS NOT NULL
       AND n.starts_on BETWEEN old.agreed AND old.agreed + %(max_gap)s
     ORDER BY n.version LIMIT 1) next ON true
 WHERE old.agreed >= %(first)s AND old.agreed < %(until)s AND old.until = old.agreed
 ORDER BY 3, 1, 2
"""


def open_matters_of(contract: Contract, actor: Actor) -> list[OpenMatter]:
    """Return what is to be settled when a contract ends, as far as the actor may see it.

    Between the dealer and the member, from every room that registers `open_matters_queries`, and the
    guarantees of the contract that are owed and not booked.
    """
    found = open_matters(seller_id=contract.dealer_id, buyer_id=contract.member_id, actor=actor)
    months = GuaranteeMonth.objects.visible_to(actor).filter(contract=contract).exclude(owed=F("booked"))
    unbooked = months.aggregate(count=Count("id"), money=Sum(F("owed") - F("booked")))
    if unbooked["count"]:
        found.append(
            OpenMatter(
                _("Guarantees owed, not booked yet"),
                "alert-octagon",
                unbooked["count"],
                unbooked["money"],
                "contract-evidence",
                {"contract_id": contract.id},
            )
        )
    return found
