from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from alliance.models import Contract
from alliance.operations.drafting import index_contracts
from catalogue.models import Product
from catalogue.operations.products import index_products
from dealers.models import Party
from dealers.operations.parties import index_parties
from tenancy.crossing import across_tenants
from tenancy.models import Tenant


class Command(BaseCommand):
    help = "Writes the search tokens of all parties, products and contracts anew, tenant by tenant."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", default="", help="the address of one tenant; all of them if absent")

    def handle(self, *args: Any, tenant: str, **options: Any) -> None:
        slugs = dict(Tenant.objects.values_list("id", "slug"))
        for tenant_id in across_tenants():
            if tenant in ("", slugs[tenant_id]):
                index_parties(Party.objects.iterator(chunk_size=2000))
                index_products(Product.objects.iterator(chunk_size=2000))
                index_contracts(Contract.objects.iterator(chunk_size=2000))
                self.stdout.write(f"{slugs[tenant_id]}: reindexed")
