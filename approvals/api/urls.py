from django.urls import path

from approvals.api import views

urlpatterns = [
    path("approvals", views.ApprovalList.as_view(), name="api-approvals"),
    path("approvals/<uuid:pk>", views.ApprovalDetail.as_view(), name="api-approval"),
    path("approvals/<uuid:pk>/approve", views.Approve.as_view(), name="api-approval-approve"),
    path("approvals/<uuid:pk>/reject", views.Reject.as_view(), name="api-approval-reject"),
]
