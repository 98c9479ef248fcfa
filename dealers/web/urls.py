"""Web routes of dealers."""

from django.urls import path

from accounts.web.permissions import entering
from dealers.web import invitations, partners, people, tiers
from ui.web.list_view import list_view

urlpatterns = [
    path("invitations", invitations.invitations, name="invitations"),
    path("invitations/<uuid:invitation_id>", invitations.answer_invitation, name="answer-invitation"),
    path("invitations/link/<str:token>", invitations.invitation_link, name="invitation-link"),
    path("parties", entering("party.view")(list_view(partners.Partners)), name="parties"),
    path("parties/<uuid:party_id>", partners.party, name="party"),
    path("people", people.people, name="people"),
    path("people/<uuid:membership_id>", people.change, name="person"),
    path("people/invitations/<uuid:invitation_id>", people.take_back, name="invitation-withdraw"),
    path(
        "tiers",
        entering("tier.view")(list_view(tiers.Scorecards, template="dealers/tiers.html")),
        name="tiers",
    ),
    path("scorecards/<uuid:scorecard_id>", tiers.scorecard, name="scorecard"),
    path("standing", tiers.standing, name="standing"),
]
