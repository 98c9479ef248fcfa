"""The way to a provider of certified signatures, and its callback."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.rate_limits import address_of, wait_for_turn
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.operations.certified_signing import complete_signature, request_signature
from alliance.providers import CLICK, signature_providers
from alliance.web.contracts import visible_contract
from alliance.web.signing import refusal_page, signed_from
from kernel.refusals import PROBLEM_JSON, Refusal, problem_body
from tenancy.context import active_tenant_id, tenant_active
from tenancy.models import Tenant
from ui.web.submit_once import once

MAX_CALLBACK_BYTES = 64 * 1024


@once
def _request(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    found = visible_contract(request.actor, contract_id)
    provider = request.POST.get("provider", "")[:40]
    callback = reverse("signature-callback", args=[provider or CLICK, active_tenant_id()])
    try:
        with transaction.atomic():
            url = request_signature(
                contract_id=contract_id,
                digest=request.POST.get("digest", "")[:64],
                provider=provider,
                callback_url=f"{settings.PUBLIC_URL.rstrip('/')}{callback}",
                return_url=request.build_absolute_uri(reverse("contract", args=[contract_id])),
                by=request.actor,
                at=timezone.now(),
                signed_from=signed_from(request, provider),
            )
    except Refusal as refusal:
        return refusal_page(request, found, refusal)
    return redirect(url)


request_certified = entering("contract.sign")(require_POST(_request))


@csrf_exempt
@require_POST
def callback(request: HttpRequest, provider: str, tenant_id: UUID) -> HttpResponse:
    """Complete the signature that a provider certifies. The provider proves itself by its own signature."""
    seconds = wait_for_turn(f"signature:{address_of(request)}", settings.VERIFICATIONS_PER_ADDRESS)
    if seconds:
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    signer = signature_providers().get(provider)
    tenant = Tenant.objects.filter(id=tenant_id, is_open=True).first()
    if signer is None or tenant is None:
        raise Http404
    if len(request.body) > MAX_CALLBACK_BYTES:
        return HttpResponse(status=413)
    try:
        certified = signer.read_callback(request.body, request.headers)
        with tenant_active(tenant):
            complete_signature(provider=provider, certified=certified, at=timezone.now())
    except Refusal as refusal:
        body = problem_body(422, refusal.code, refusal.message)
        return JsonResponse(body, status=422, content_type=PROBLEM_JSON)
    return JsonResponse({"received": True})
