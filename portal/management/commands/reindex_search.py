"""`manage.py reindex_search`: rebuild the tokens of the global search."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tenancy.crossing import across_tenants
from tenancy.models import Tenant
from tenancy.rooms import registered, resolve


class Command(BaseCommand):
    help = "Writes the search tokens of all registered nouns anew, tenant by tenant."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant", default="", help="the address of one tenant; all of them if absent")

    def handle(self, *args: Any, tenant: str, **options: Any) -> None:
        slugs = dict(Tenant.objects.values_list("id", "slug"))
        for tenant_id in across_tenants():
            if tenant in ("", slugs[tenant_id]):
                for noun in registered("search_nouns"):
                    if noun.reindex:
                        resolve(noun.reindex)()
                self.stdout.write(f"{slugs[tenant_id]}: reindexed")
