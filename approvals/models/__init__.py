from approvals.models.approval import Approval
from approvals.models.rule import ApprovalRule

__all__ = ["Approval", "ApprovalRule"]
