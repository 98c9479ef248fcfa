"""Registration of the catalogue: navigation, search, rights and audit actions."""

from django.utils.translation import gettext_lazy as _

from accounts.rights import DEALER_ROLES, MEMBER_ROLES, STAFF_ROLES
from catalogue.audit_actions import MasterDataAction, PortfolioAction, ProductAction
from tenancy.rooms import NavigationEntry, NavigationGroup, Right, RoomConfig, ScheduledCall, SearchNoun


class CatalogueConfig(RoomConfig):
    name = "catalogue"
    verbose_name = _("Catalogue")
    audit_actions = (ProductAction, PortfolioAction, MasterDataAction)
    navigation_groups = (NavigationGroup("catalogue", _("Catalogue"), "package", 20),)
    navigation = (
        NavigationEntry(
            _("Products"), "products", door="staff", order=10, right="catalogue.view", group="catalogue"
        ),
        NavigationEntry(
            _("Brands, categories, taxes"),
            "master-data",
            door="staff",
            order=50,
            right="catalogue.edit",
            group="catalogue",
        ),
    )
    schedule = (ScheduledCall("catalogue.operations.master_data.apply_tax_rates"),)
    search_nouns = (
        SearchNoun(
            _("Products"),
            "package",
            right="catalogue.view",
            page="product",
            order=40,
            find="catalogue.queries.find_products",
            reindex="catalogue.operations.products.reindex_products",
        ),
    )
    tenant_wide_models = (
        "catalogue.brand",
        "catalogue.category",
        "catalogue.unit",
        "catalogue.taxclass",
        "catalogue.unitname",
    )
    rights = (
        Right("catalogue.view", staff=STAFF_ROLES, dealer=DEALER_ROLES, member=MEMBER_ROLES),
        Right("catalogue.edit", staff=("director",)),
    )

    def ready(self) -> None:
        """Register the tenant's names of units, which every screen may show."""
        super().ready()
        from catalogue.queries import unit_names
        from ui.web.local_names import register_unit_names

        register_unit_names(unit_names)
