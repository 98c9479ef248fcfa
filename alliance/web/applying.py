"""The public pages of recruitment: the form of a tenant, its receipt, and the answer to a question.

They need no sign-in and show the form, the number of one's own application and one's own question only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.rate_limits import HOUR, address_of, wait_for_turn
from alliance.models import Application, ApplicationEntry
from alliance.operations.applying import NoSuchQuestion, answer_question, applicant, apply, question_of
from alliance.web.application_form import AnswerForm, ApplicationForm, is_too_fast, new_stamp, token_of
from alliance.web.public_tenant import of_tenant
from kernel.refusals import Refusal
from tenancy.models import Tenant

View = Callable[..., HttpResponse]


def limited(view: View) -> View:
    """Answer 429 to an address that sends too many forms; reading costs nothing."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            limit, name = settings.APPLICATIONS_PER_ADDRESS_AN_HOUR, f"apply:{address_of(request)}"
            if seconds := wait_for_turn(name, limit, window=HOUR):
                response = render(request, "alliance/apply_wait.html", {"seconds": seconds}, status=429)
                response.headers["Retry-After"] = str(seconds)
                return response
        return view(request, *args, **kwargs)

    return counted


@never_cache
@limited
@of_tenant
def apply_page(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Display the form; on POST store the application and redirect to its receipt."""
    consent = consent_text(tenant)
    form = ApplicationForm(request.POST or None, request.FILES or None, consent=consent)
    if request.method == "POST":
        form = ApplicationForm(request.POST, request.FILES, consent=consent)
        made = _sent(request, form, tenant)
        if made is not None:
            return redirect("apply-received", slug=tenant.slug, code=made.code)
    stamp = form.data.get("stamp", "") if form.is_bound else ""
    page = {
        "maker": tenant.name,
        "form": form,
        "stamp": stamp if token_of(stamp, tenant.slug) else new_stamp(tenant.slug),
    }
    return render(request, "alliance/apply.html", page, status=422 if form.errors else 200)


def _sent(request: HttpRequest, form: ApplicationForm, tenant: Tenant) -> Application | None:
    """Return the application that a form made, or None with the errors in the form."""
    if not form.is_valid():
        return None
    typed = form.cleaned_data
    token = token_of(typed["stamp"], tenant.slug)
    if typed["website"] or not token or is_too_fast(typed["stamp"]):
        form.add_error(
            None, _("Please check what you wrote, choose your files again, and send the form again.")
        )
        return None
    try:
        with transaction.atomic():
            made, _is_new = apply(
                form=form.filled(),
                files=form.sent_files(),
                token=token,
                by=applicant(typed["company"]),
                at=timezone.now(),
            )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return None
    return made


@never_cache
@require_GET
@of_tenant
def received(request: HttpRequest, tenant: Tenant, code: str) -> HttpResponse:
    """Display the receipt of an application: its number and nothing that was typed."""
    if not Application.objects.filter(code=code).exists():
        raise Http404
    return render(request, "alliance/apply_received.html", {"maker": tenant.name, "code": code})


@never_cache
@limited
@of_tenant
def answer(request: HttpRequest, tenant: Tenant, token: str) -> HttpResponse:
    """Display the question behind a link; on POST store the answer, after which the link has ended."""
    at = timezone.now()
    try:
        application = question_of(token, at=at)
        form = AnswerForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            with transaction.atomic():
                answer_question(
                    token=token,
                    text=form.cleaned_data["answer"],
                    files=form.sent_files(),
                    by=applicant(application.company),
                    at=at,
                )
            return redirect("apply-received", slug=tenant.slug, code=application.code)
    except NoSuchQuestion:
        return render(request, "alliance/apply_ended.html", {"maker": tenant.name}, status=404)
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    last = application.entries.filter(kind=ApplicationEntry.Kind.QUESTION).order_by("-at").first()
    page = {
        "maker": tenant.name,
        "code": application.code,
        "question": last.text if last else "",
        "until": application.question_until,
        "form": form,
    }
    return render(request, "alliance/apply_answer.html", page, status=422 if form.errors else 200)


def consent_text(tenant: Tenant) -> str:
    """Return the text to which an applicant agrees; it is stored with the application."""
    message = _(
        "I agree that %(maker)s stores and uses what I enter here, personal data included, to decide about"
        " this application and to contact me, and for nothing else."
    )
    return message % {"maker": tenant.name}
