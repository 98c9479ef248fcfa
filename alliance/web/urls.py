"""Web routes of the alliance."""

from django.urls import path

from alliance.web import (
    contract_templates,
    contracts,
    drafting,
    evidence,
    lists,
    proposals,
    signing,
    versions,
)

urlpatterns = [
    path("contracts", lists.contracts, name="contracts"),
    path("contracts/new", drafting.new, name="contract-new"),
    path("contracts/check", drafting.check, name="contract-check"),
    path("contracts/find", drafting.find, name="contract-find"),
    path("contracts/templates", contract_templates.templates, name="contract-templates"),
    path(
        "contracts/templates/<uuid:template_id>/delete",
        contract_templates.delete,
        name="contract-template-delete",
    ),
    path("contracts/<uuid:contract_id>/template", contract_templates.save, name="contract-save-template"),
    path("contracts/<uuid:contract_id>/take-over", proposals.take_over, name="contract-take-over"),
    path("contracts/<uuid:contract_id>/wording", proposals.wording, name="contract-wording"),
    path("contracts/<uuid:contract_id>", contracts.contract, name="contract"),
    path("contracts/<uuid:contract_id>/text", contracts.text, name="contract-text"),
    path("contracts/<uuid:contract_id>/evidence", evidence.evidence, name="contract-evidence"),
    path("contracts/<uuid:contract_id>/compare", contracts.compare, name="contract-compare"),
    path("contracts/<uuid:contract_id>/edit", drafting.edit, name="contract-edit"),
    path("contracts/<uuid:contract_id>/revise", versions.revise, name="contract-revise"),
    path("contracts/<uuid:contract_id>/end", contracts.end, name="contract-end"),
    path("contracts/<uuid:contract_id>/sign", signing.sign, name="contract-sign"),
    path("contracts/<uuid:contract_id>/submit", contracts.submit, name="contract-submit"),
    path("contracts/<uuid:contract_id>/reopen", contracts.reopen, name="contract-reopen"),
    path("guarantees", lists.guarantees, name="guarantees"),
]
