from django.urls import path

from accounts.web.permissions import entering
from approvals.web import approvals, rules
from ui.web.list_view import list_view

urlpatterns = [
    path("approvals", entering("approval.view")(list_view(approvals.Approvals)), name="approvals"),
    path("approvals/rules", rules.rules, name="approval-rules"),
    path("approvals/<uuid:approval_id>", approvals.approval, name="approval"),
    path("approvals/<uuid:approval_id>/<slug:action>", approvals.decide, name="approval-decide"),
]
