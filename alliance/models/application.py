"""Models of applications: companies that want to become a dealer or an alliance member."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.rights import DEALER, MANUFACTURER, MEMBER, Actor
from alliance.domain import qualification
from dealers.models import Party, Region
from dealers.models.party import TERRITORY_ROLES
from dealers.models.territory import regions_of
from tenancy.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet


class ApplicationQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> ApplicationQuerySet:
        """Return the applications that the manufacturer's people may see, in their territories."""
        if actor.party_kind != MANUFACTURER or not actor.may("recruitment.view"):
            return self.none()
        if actor.role not in TERRITORY_ROLES:
            return self.all()
        return self.filter(region__in=regions_of(actor.user_id))


class Application(TenantModel):
    """What a company typed into the public form of a tenant, and what the manufacturer decided about it.

    `token` is that of the form, so that a form sent twice makes one application; `question_hash` that of
    the link by which the applicant answers a question.
    """

    class State(models.TextChoices):
        RECEIVED = qualification.RECEIVED, pgettext_lazy("application", "received")
        REVIEWING = qualification.REVIEWING, _("in review")
        QUESTIONED = qualification.QUESTIONED, _("waiting for the applicant")
        ACCEPTED = qualification.ACCEPTED, pgettext_lazy("application", "accepted")
        REFUSED = qualification.REFUSED, pgettext_lazy("application", "refused")

    class Kind(models.TextChoices):
        DEALER = DEALER, _("dealer")
        MEMBER = MEMBER, _("alliance member")

    code = models.CharField(_("number"), max_length=12)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.RECEIVED, editable=False
    )
    kind = models.CharField(_("wants to become"), max_length=12, choices=Kind.choices)
    company = models.CharField(_("company"), max_length=200)
    uscc = models.CharField(_("unified social credit code"), max_length=18)
    contact = models.CharField(_("contact"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    email = models.EmailField(_("email address"), blank=True)
    address = models.CharField(_("address"), max_length=300)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_index=False, verbose_name=_("region"))
    channels = ArrayField(models.CharField(max_length=60), default=list, verbose_name=_("channels"))
    outlets = models.PositiveIntegerField(_("outlets served"))
    vehicles = models.PositiveIntegerField(_("vehicles"))
    warehouse = models.PositiveIntegerField(_("warehouse in square metres"))
    licences = models.CharField(_("licences"), max_length=300, blank=True)
    remark = models.TextField(_("remark"), max_length=1000, blank=True)
    consent = models.TextField(_("consent"), editable=False)
    language = models.CharField(_("language"), max_length=10, editable=False)
    token = models.CharField(max_length=64, editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    received_at = models.DateTimeField(_("sent in"))
    checklist = models.JSONField(_("checklist"), default=dict, editable=False)
    points = models.JSONField(_("points"), default=dict, editable=False)
    score = models.DecimalField(_("score"), max_digits=4, decimal_places=1, null=True, editable=False)
    question_hash = models.CharField(max_length=64, blank=True, editable=False)
    question_until = models.DateTimeField(_("answer until"), null=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    reason = models.TextField(_("reason"), max_length=1000, blank=True, editable=False)
    party = TenantForeignKey(
        Party, null=True, related_name="applications", verbose_name=_("party"), editable=False
    )

    objects: ClassVar[Any] = TenantManager.from_queryset(ApplicationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="application_code"),
            models.UniqueConstraint(fields=["tenant", "token"], name="application_token"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, state__in=qualification.OPEN)
                | Q(decided_at__isnull=False, state__in=(qualification.ACCEPTED, qualification.REFUSED)),
                name="application_decided",
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=True) | Q(state=qualification.ACCEPTED),
                name="application_party",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "received_at"], name="application_by_state"),
            models.Index(fields=["tenant", "question_hash"], name="application_question"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.company}"


class OfApplicationQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> OfApplicationQuerySet:
        return self.filter(application__in=Application.objects.visible_to(actor))


class ApplicationDocument(TenantModel):
    """A picture or PDF that an applicant sent, checked by its content. Append-only."""

    class MediaType(models.TextChoices):
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"
        PDF = "application/pdf", "PDF"

    application = TenantForeignKey(Application, related_name="documents", verbose_name=_("application"))
    file_name = models.CharField(_("file name"), max_length=100)
    media_type = models.CharField(_("type"), max_length=20, choices=MediaType.choices)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("uploaded at"))

    objects: ClassVar[Any] = TenantManager.from_queryset(OfApplicationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "application", "sha256"], name="application_document_once"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ApplicationEntry(TenantModel):
    """One entry in the timeline of an application. Append-only."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("application received")
        OPENED = "opened", _("review begun")
        COMMENT = "comment", _("comment")
        VISIT = "visit", _("site visit")
        CHECKED = "checked", _("checklist updated")
        SCORED = "scored", _("scored")
        QUESTION = "question", _("question to the applicant")
        ANSWER = "answer", _("answer of the applicant")
        ACCEPTED = "accepted", pgettext_lazy("application", "accepted")
        REFUSED = "refused", pgettext_lazy("application", "refused")

    application = TenantForeignKey(Application, related_name="entries", verbose_name=_("application"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    on = models.DateField(_("day of the visit"), null=True)
    at = models.DateTimeField(_("at"))
    who = models.CharField(_("person"), max_length=150)

    objects: ClassVar[Any] = TenantManager.from_queryset(OfApplicationQuerySet)()

    class Meta(TenantModel.Meta):
        verbose_name = _("entry of an application")
        verbose_name_plural = _("entries of applications")
        indexes = [models.Index(fields=["tenant", "application", "at"], name="application_entry_by_time")]

    def __str__(self) -> str:
        return f"{self.application} {self.get_kind_display()}"
