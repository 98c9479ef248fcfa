"""Web routes of the alliance."""

from django.urls import path

from alliance.web import (
    application_list,
    applying,
    authorisations,
    certified,
    contracts,
    deposits,
    drafting,
    ending,
    evidence,
    lists,
    printing,
    region_changes,
    region_map,
    review,
    signing,
    verification,
    versions,
)
from alliance.web.duties import kpis
from alliance.web.duties import lists as duty_lists
from alliance.web.duties import pages as duties
from alliance.web.plans import editor, objectives
from alliance.web.plans import pages as plans

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
    path("contracts/<uuid:contract_id>/duties", duties.matrix, name="contract-duties"),
    path("contracts/<uuid:contract_id>/kpis", kpis.kpis, name="contract-kpis"),
    path("duties", duty_lists.duties, name="duties"),
    path("duties/<uuid:duty_id>", duties.duty, name="duty"),
    path("plans", plans.plans, name="plans"),
    path("plans/new", plans.new, name="plan-new"),
    path("plans/<uuid:plan_id>", plans.plan, name="plan"),
    path("plans/<uuid:plan_id>/targets", editor.targets, name="plan-targets"),
    path("plans/<uuid:plan_id>/hand-down", plans.hand_down, name="plan-hand-down"),
    path("plans/<uuid:plan_id>/activate", plans.activate, name="plan-activate"),
    path("plans/targets/<uuid:target_id>", editor.target, name="plan-target"),
    path("objectives", objectives.objectives, name="objectives"),
    path("objectives/<uuid:objective_id>", objectives.objective, name="objective"),
    path("objectives/<uuid:objective_id>/agree", objectives.agree, name="objective-agree"),
    path("objectives/<uuid:objective_id>/counter", objectives.counter, name="objective-counter"),
    path("objectives/<uuid:objective_id>/revise", objectives.revise, name="objective-revise"),
    path("objectives/<uuid:objective_id>/parts", objectives.hand_down, name="objective-parts"),
    path("contracts/<uuid:contract_id>/remap", region_changes.remap, name="contract-remap"),
    path("regions/map", region_map.region_map_page, name="region-map"),
    path("regions/map/outline", region_map.outline, name="region-map-outline"),
    path("regions/map/outline/remove", region_map.outline_removal, name="region-map-outline-remove"),
    path("regions/map/outline.json", region_map.outline_file, name="region-map-outline-file"),
    path("regions/changes", region_changes.region_changes, name="region-changes"),
    path("guarantees", lists.guarantees, name="guarantees"),
    path("apply/<slug:slug>", applying.apply_page, name="apply"),
    path("apply/<slug:slug>/received/<slug:code>", applying.received, name="apply-received"),
    path("apply/<slug:slug>/answer/<str:token>", applying.answer, name="apply-answer"),
    path("verify/<slug:code>", verification.verify, name="verify-authorisation"),
    path("applications", application_list.applications, name="applications"),
    path("applications/<uuid:application_id>", review.application, name="application"),
    path("applications/<uuid:application_id>/begin", review.begin, name="application-begin"),
    path("applications/<uuid:application_id>/comment", review.comment, name="application-comment"),
    path("applications/<uuid:application_id>/visit", review.visit, name="application-visit"),
    path("applications/<uuid:application_id>/qualify", review.qualify, name="application-qualify"),
    path("applications/<uuid:application_id>/ask", review.ask, name="application-ask"),
    path("applications/<uuid:application_id>/refuse", review.refuse, name="application-refuse"),
    path("applications/<uuid:application_id>/accept", review.accept, name="application-accept"),
    path(
        "application-documents/<uuid:application_document_id>", review.document, name="application-document"
    ),
    path("authorisations", authorisations.authorisations, name="authorisations"),
    path("authorisations/new", authorisations.new, name="authorisation-new"),
    path("authorisations/<uuid:authorisation_id>", authorisations.authorisation, name="authorisation"),
    path(
        "authorisations/<uuid:authorisation_id>/certificate",
        authorisations.certificate,
        name="authorisation-certificate",
    ),
    path("authorisations/<uuid:authorisation_id>/revoke", authorisations.revoke, name="authorisation-revoke"),
]
