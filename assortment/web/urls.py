"""Web routes of the assortment."""

from django.urls import path

from accounts.rights import MANUFACTURER
from accounts.web.permissions import entering
from assortment.web import ideas, portfolios, trials
from ui.web.list_view import list_view

urlpatterns = [
    path(
        "portfolios",
        entering("catalogue.edit", kinds=(MANUFACTURER,))(
            list_view(portfolios.Portfolios, template="assortment/portfolios.html")
        ),
        name="portfolios",
    ),
    path("portfolios/new", portfolios.edit, name="portfolio-new"),
    path("portfolios/<uuid:portfolio_id>", portfolios.edit, name="portfolio"),
    path("portfolios/<uuid:portfolio_id>/add", portfolios.add, name="portfolio-add"),
    path("portfolios/<uuid:portfolio_id>/remove", portfolios.remove, name="portfolio-remove"),
    path(
        "trials",
        entering("trial.view")(list_view(trials.Trials, template="assortment/trials.html")),
        name="trials",
    ),
    path("trials/new", trials.new, name="trial-new"),
    path("trials/<uuid:trial_id>", trials.page, name="trial"),
    path("trials/<uuid:trial_id>/answer", trials.answer, name="trial-answer"),
    path("trials/<uuid:trial_id>/decide", trials.decide, name="trial-decide"),
    path(
        "ideas",
        entering("idea.view")(list_view(ideas.Ideas, template="assortment/ideas.html")),
        name="ideas",
    ),
    path("ideas/new", ideas.new, name="idea-new"),
    path("ideas/<uuid:idea_id>", ideas.page, name="idea"),
    path("ideas/<uuid:idea_id>/vote", ideas.vote, name="idea-vote"),
    path("ideas/<uuid:idea_id>/answer", ideas.answer, name="idea-answer"),
]
