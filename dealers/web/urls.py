from django.urls import path

from dealers.web import invitations

urlpatterns = [
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/<uuid:invitation_id>", invitations.answer_invitation, name="answer-invitation"),
    path("invitations/link/<str:token>", invitations.invitation_link, name="invitation-link"),
]
