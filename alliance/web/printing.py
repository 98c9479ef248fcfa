"""The PDF of a contract, and the public page that verifies a text by its code."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.rate_limits import address_of, wait_for_turn
from accounts.web.permissions import entering
from accounts.web.requests import ActorRequest
from alliance.operations.printing import print_contract
from alliance.queries.contract_verification import verified_contract
from alliance.web.contracts import visible_contract


@entering("contract.view")
@require_GET
def pdf(request: ActorRequest, contract_id: UUID) -> HttpResponse:
    """Return the PDF of a contract, in the language of `lang` (zh-hans, zh-hant, en) or of the reader."""
    found = visible_contract(request.actor, contract_id)
    wanted = request.GET.get("lang", "")
    known = dict(settings.LANGUAGES)
    language = wanted if wanted in known else translation.get_language() or settings.LANGUAGE_CODE
    printed = print_contract(found, language=language, base_url=request.build_absolute_uri("/"))
    headers = {"Content-Disposition": f'attachment; filename="{_ascii(printed.name)}"'}
    return HttpResponse(printed.content, content_type="application/pdf", headers=headers)


@never_cache
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Display whether three parties signed the text with this code, and nothing else; 404 if unknown."""
    if seconds := wait_for_turn(f"verify:{address_of(request)}", settings.VERIFICATIONS_PER_ADDRESS):
        return HttpResponse(status=429, headers={"Retry-After": str(seconds)})
    found = verified_contract(code)
    page = {"found": found, "beginning": code[32:64] if found else ""}
    return render(request, "alliance/contract_verify.html", page, status=200 if found else 404)


def _ascii(name: str) -> str:
    return "".join(char if char.isascii() and (char.isalnum() or char in "-._") else "_" for char in name)
