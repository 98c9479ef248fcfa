"""Web routes of the alliance."""

from django.urls import path

from alliance.web import contracts, drafting, evidence, lists, region_changes, region_map, signing, versions

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
    path("contracts/<uuid:contract_id>/remap", region_changes.remap, name="contract-remap"),
    path("regions/map", region_map.region_map_page, name="region-map"),
    path("regions/map/outline", region_map.outline, name="region-map-outline"),
    path("regions/map/outline/remove", region_map.outline_removal, name="region-map-outline-remove"),
    path("regions/map/outline.json", region_map.outline_file, name="region-map-outline-file"),
    path("regions/changes", region_changes.region_changes, name="region-changes"),
    path("guarantees", lists.guarantees, name="guarantees"),
]
