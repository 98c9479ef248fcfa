"""The command `verify_ledger`, which checks the invariants of the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ledger.operations.verification import size, violations
from tenancy.crossing import across_tenants
from tenancy.models import Tenant


class Command(BaseCommand):
    help = "Proves the ledger: balances, debits and credits, open items, the chain of digests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", help="the tenant's slug; all of them without it")

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = dict(Tenant.objects.values_list("id", "slug"))
        wanted = options["tenant"]
        if wanted is not None and wanted not in slugs.values():
            raise CommandError(f"There is no tenant {wanted!r}.")
        broken = 0
        for tenant_id in across_tenants():
            if wanted not in {None, slugs[tenant_id]}:
                continue
            found = violations()
            broken += len(found)
            journals, entries = size()
            state = f"{len(found)} wrong" if found else "all hold"
            self.stdout.write(f"{slugs[tenant_id]}: {journals} postings, {entries} entries: {state}")
            for violation in found:
                self.stdout.write(f"  {violation.invariant}: {violation.where}: {violation.found}")
        if broken:
            raise CommandError(f"{broken} wrong", returncode=1)
