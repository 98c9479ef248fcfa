"""The answer of any room's API to a change that waits for approval."""

from __future__ import annotations

from rest_framework.response import Response

from approvals.api.serializers import ApprovalSerializer
from approvals.models import Approval


def waiting_answer(approval: Approval) -> Response:
    """Return 202 with the approval for which the change waits."""
    return Response(ApprovalSerializer(approval).data, status=202)
