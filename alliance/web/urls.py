"""Web routes of the alliance."""

from django.urls import path

from alliance.web import (
    certified,
    contracts,
    deposits,
    drafting,
    ending,
    evidence,
    lists,
    printing,
    signing,
    versions,
)

urlpatterns = [
    path("contracts", lists.contracts, name="contracts"),
    path("contracts/new", drafting.new, name="contract-new"),
    path("contracts/<uuid:contract_id>", contracts.contract, name="contract"),
    path("contracts/<uuid:contract_id>/text", contracts.text, name="contract-text"),
    path("contracts/<uuid:contract_id>/evidence", evidence.evidence, name="contract-evidence"),
    path("contracts/<uuid:contract_id>/compare", contracts.compare, name="contract-compare"),
    path("contracts/<uuid:contract_id>/edit", drafting.edit, name="contract-edit"),
    path("contracts/<uuid:contract_id>/revise", versions.revise, name="contract-revise"),
    path("contracts/<uuid:contract_id>/end", ending.end, name="contract-end"),
    path("contracts/<uuid:contract_id>/sign", signing.sign, name="contract-sign"),
    path("contracts/<uuid:contract_id>/submit", contracts.submit, name="contract-submit"),
    path("contracts/<uuid:contract_id>/reopen", contracts.reopen, name="contract-reopen"),
    path("contracts/<uuid:contract_id>/certified", certified.request_certified, name="contract-certified"),
    path("contracts/<uuid:contract_id>/deposit", deposits.deposit, name="contract-deposit"),
    path("contracts/<uuid:contract_id>/pdf", printing.pdf, name="contract-pdf"),
    path("contracts/verify/<slug:code>", printing.verify, name="contract-verify"),
    path(
        "contracts/signatures/<slug:provider>/<uuid:tenant_id>", certified.callback, name="signature-callback"
    ),
    path("guarantees", lists.guarantees, name="guarantees"),
]
