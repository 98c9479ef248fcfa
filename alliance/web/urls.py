"""Web routes of the alliance."""

from django.urls import path

from alliance.web import (
    breach_list,
    breaches,
    contracts,
    drafting,
    evidence,
    lists,
    scorecards,
    service_facts,
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
    path("contracts/<uuid:contract_id>/end", contracts.end, name="contract-end"),
    path("contracts/<uuid:contract_id>/sign", signing.sign, name="contract-sign"),
    path("contracts/<uuid:contract_id>/submit", contracts.submit, name="contract-submit"),
    path("contracts/<uuid:contract_id>/reopen", contracts.reopen, name="contract-reopen"),
    path("contracts/<uuid:contract_id>/service", service_facts.service, name="contract-service"),
    path("guarantees", lists.guarantees, name="guarantees"),
    path("guarantees/scorecard", scorecards.scorecards, name="guarantee-scorecard"),
    path("guarantees/this-month", scorecards.this_month, name="guarantees-this-month"),
    path("breaches", breach_list.breaches, name="breaches"),
    path("breaches/<uuid:breach_id>", breaches.breach, name="breach"),
    path("breaches/<uuid:breach_id>/reply", breaches.reply, name="breach-reply"),
    path("breaches/<uuid:breach_id>/decision", breaches.decide, name="breach-decide"),
]
