"""API views of portfolios, trials and ideas."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from accounts.rights import MANUFACTURER, actor_of
from assortment.api.serializers import (
    IdeaAnswerCreateSerializer,
    IdeaCreateSerializer,
    IdeaSerializer,
    PortfolioCreateSerializer,
    PortfolioSerializer,
    TrialAnswerCreateSerializer,
    TrialCreateSerializer,
    TrialSerializer,
    TrialVerdictCreateSerializer,
    VoteCreateSerializer,
)
from assortment.models import ASPECTS, ChannelPortfolio, Idea, Trial, TrialParty
from assortment.operations.channels import set_channels
from assortment.operations.ideas import decline_idea, submit_idea, take_up_idea, vote_for
from assortment.operations.trials import BadTrial, answer_trial, decide_trial, extend_trial, open_trial
from catalogue.models import Portfolio, PortfolioProduct, Product
from catalogue.operations.portfolios import (
    BadPortfolio,
    add_products,
    remove_products,
    save_portfolio,
)


def _given(serializer: type[Serializer], request: Request) -> dict[str, Any]:
    body = serializer(data=request.data)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


class _Portfolios(GenericAPIView):
    rights = {"GET": "catalogue.edit", "POST": "catalogue.edit", "PUT": "catalogue.edit"}
    serializer_class = PortfolioSerializer
    queryset = Portfolio.objects.none()

    def get_queryset(self) -> Any:
        channels = Prefetch("channels", ChannelPortfolio.objects.select_related("channel"))
        products = Prefetch("products", PortfolioProduct.objects.select_related("product"))
        return Portfolio.objects.visible_to(actor_of(self.request)).prefetch_related(channels, products)

    def _save(self, request: Request, portfolio_id: UUID | None, status: int) -> Response:
        given, by, at = _given(PortfolioCreateSerializer, request), actor_of(request), timezone.now()
        channels, skus = given.pop("channels"), given.pop("skus")
        with transaction.atomic():
            products = list(Product.objects.filter(sku__in=skus))
            if unknown := sorted(set(skus) - {one.sku for one in products}):
                message = _("There is no product with the SKU %(sku)s.")
                raise BadPortfolio(message % {"sku": ", ".join(unknown[:10])}, field="skus")
            saved = save_portfolio(**given, portfolio_id=portfolio_id, by=by, at=at)
            set_channels(portfolio_id=saved.id, codes=channels, by=by, at=at)
            held = set(saved.products.values_list("product__sku", flat=True))
            remove_products(portfolio_id=saved.id, skus=held - set(skus), by=by, at=at)
            add_products(portfolio_id=saved.id, products=products, by=by, at=at)
        return Response(PortfolioSerializer(self.get_queryset().get(id=saved.id)).data, status=status)


class PortfolioList(_Portfolios, ListAPIView):
    """List the portfolios, or create one."""

    filterset_class = None

    @extend_schema(request=PortfolioCreateSerializer, responses={201: PortfolioSerializer})
    def post(self, request: Request) -> Response:
        """Create a portfolio with its channels and products."""
        return self._save(request, None, 201)


class PortfolioDetail(_Portfolios):
    """One portfolio."""

    @extend_schema(responses={200: PortfolioSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a portfolio with its channels and products."""
        return Response(PortfolioSerializer(get_object_or_404(self.get_queryset(), id=pk)).data)

    @extend_schema(request=PortfolioCreateSerializer, responses={200: PortfolioSerializer})
    def put(self, request: Request, pk: UUID) -> Response:
        """Replace a portfolio with its channels and products."""
        get_object_or_404(self.get_queryset(), id=pk)
        return self._save(request, pk, 200)


class _Trials(GenericAPIView):
    rights = {"GET": "trial.view", "POST": "catalogue.edit"}
    serializer_class = TrialSerializer
    queryset = Trial.objects.none()

    def get_queryset(self) -> Any:
        actor = actor_of(self.request)
        parties = TrialParty.objects.select_related("party").order_by("party__code")
        if actor.party_kind != MANUFACTURER:
            parties = parties.filter(party_id=actor.party_id)
        rows = Trial.objects.visible_to(actor).select_related("product")
        return rows.prefetch_related(Prefetch("parties", parties, to_attr="visible_parties"))

    def _one(self, pk: UUID, status: int = 200) -> Response:
        return Response(TrialSerializer(get_object_or_404(self.get_queryset(), id=pk)).data, status=status)


class TrialList(_Trials, ListAPIView):
    """List the trials, or open one."""

    filterset_class = None

    @extend_schema(request=TrialCreateSerializer, responses={201: TrialSerializer})
    def post(self, request: Request) -> Response:
        """Open a trial and notify its parties."""
        given = _given(TrialCreateSerializer, request)
        given["parties"] = {one["code"]: one["qty"] for one in given["parties"]}
        trial = open_trial(**given, by=actor_of(request), at=timezone.now())
        return self._one(trial.id, 201)


class TrialDetail(_Trials):
    """One trial."""

    @extend_schema(responses={200: TrialSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a trial with the feedback that the key's party may see."""
        return self._one(pk)


class TrialAnswers(_Trials):
    """The feedback on one trial."""

    rights = {"POST": "trial.answer"}

    @extend_schema(
        operation_id="trials_answer",
        request=TrialAnswerCreateSerializer,
        responses={200: TrialSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Store the feedback of the key's party; it may be sent again with other scores."""
        given = _given(TrialAnswerCreateSerializer, request)
        get_object_or_404(self.get_queryset(), id=pk)
        scores = {aspect: given[aspect] for aspect in ASPECTS}
        answer_trial(
            trial_id=pk,
            scores=scores,
            comment=given["comment"],
            by=actor_of(request),
            at=timezone.now(),
        )
        return self._one(pk)


class TrialVerdicts(_Trials):
    """The verdict on one trial."""

    @extend_schema(
        operation_id="trials_decide",
        request=TrialVerdictCreateSerializer,
        responses={200: TrialSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Launch the product, drop it, or extend the trial; the parties are notified."""
        given = _given(TrialVerdictCreateSerializer, request)
        get_object_or_404(self.get_queryset(), id=pk)
        common: dict[str, Any] = {
            "trial_id": pk,
            "reason": given["reason"],
            "by": actor_of(request),
            "at": timezone.now(),
        }
        if given["verdict"] != "extend":
            decide_trial(verdict=given["verdict"], **common)
        elif given["until"] is None:
            raise BadTrial(_("State the new end of the trial."), field="until")
        else:
            extend_trial(until=given["until"], **common)
        return self._one(pk)


class _Ideas(GenericAPIView):
    rights = {"GET": "idea.view", "POST": "idea.submit"}
    serializer_class = IdeaSerializer
    queryset = Idea.objects.none()

    def get_queryset(self) -> Any:
        rows = Idea.objects.visible_to(actor_of(self.request)).select_related("category", "product")
        return rows.annotate(vote_count=Count("votes"))

    def _one(self, pk: UUID, status: int = 200) -> Response:
        return Response(IdeaSerializer(get_object_or_404(self.get_queryset(), id=pk)).data, status=status)


class IdeaList(_Ideas, ListAPIView):
    """List the ideas for new products, or submit one."""

    filterset_class = None

    @extend_schema(request=IdeaCreateSerializer, responses={201: IdeaSerializer})
    def post(self, request: Request) -> Response:
        """Submit an idea of the key's party."""
        given = _given(IdeaCreateSerializer, request)
        category = given.pop("category")
        idea = submit_idea(**given, category_code=category, by=actor_of(request), at=timezone.now())
        return self._one(idea.id, 201)


class IdeaDetail(_Ideas):
    """One idea."""

    @extend_schema(responses={200: IdeaSerializer})
    def get(self, request: Request, pk: UUID) -> Response:
        """Return an idea with its votes and its answer."""
        return self._one(pk)


class IdeaVotes(_Ideas):
    """The votes for one idea."""

    @extend_schema(operation_id="ideas_vote", request=VoteCreateSerializer, responses={200: IdeaSerializer})
    def post(self, request: Request, pk: UUID) -> Response:
        """Give the vote of the key's party, or take it back."""
        wanted = _given(VoteCreateSerializer, request)["wanted"]
        get_object_or_404(self.get_queryset(), id=pk)
        vote_for(idea_id=pk, wanted=wanted, by=actor_of(request), at=timezone.now())
        return self._one(pk)


class IdeaAnswers(_Ideas):
    """The answer to one idea."""

    rights = {"POST": "catalogue.edit"}

    @extend_schema(
        operation_id="ideas_answer",
        request=IdeaAnswerCreateSerializer,
        responses={200: IdeaSerializer},
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Take the idea up as a product in development, or decline it."""
        given = _given(IdeaAnswerCreateSerializer, request)
        get_object_or_404(self.get_queryset(), id=pk)
        by, at = actor_of(request), timezone.now()
        if given["sku"]:
            take_up_idea(idea_id=pk, **given, by=by, at=at)
        else:
            decline_idea(idea_id=pk, answer=given["answer"], by=by, at=at)
        return self._one(pk)
