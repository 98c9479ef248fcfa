"""API routes of the assortment."""

from django.urls import path

from assortment.api import views

urlpatterns = [
    path("portfolios", views.PortfolioList.as_view(), name="api-portfolios"),
    path("portfolios/<uuid:pk>", views.PortfolioDetail.as_view(), name="api-portfolio"),
    path("trials", views.TrialList.as_view(), name="api-trials"),
    path("trials/<uuid:pk>", views.TrialDetail.as_view(), name="api-trial"),
    path("trials/<uuid:pk>/answer", views.TrialAnswers.as_view(), name="api-trial-answer"),
    path("trials/<uuid:pk>/verdict", views.TrialVerdicts.as_view(), name="api-trial-verdict"),
    path("ideas", views.IdeaList.as_view(), name="api-ideas"),
    path("ideas/<uuid:pk>", views.IdeaDetail.as_view(), name="api-idea"),
    path("ideas/<uuid:pk>/vote", views.IdeaVotes.as_view(), name="api-idea-vote"),
    path("ideas/<uuid:pk>/answer", views.IdeaAnswers.as_view(), name="api-idea-answer"),
]
