"""`manage.py issue_api_key`: issue an API key and print it."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.rights import the_system
from dealers.models import Party
from integrations.operations.api_keys import grantable, issue_key
from kernel.refusals import Refusal
from tenancy.context import tenant_active
from tenancy.models import Tenant


class Command(BaseCommand):
    help = "Issues an API key and prints it; it is displayed once and stored as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, help="the tenant's short name")
        parser.add_argument("--party", required=True, help="the code of the party it acts for")
        parser.add_argument("--scopes", nargs="+", required=True, help="rights like order.place, or all")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--role", default="", help="a role of the party; the widest if absent")
        parser.add_argument("--days", type=int, help="ends after so many days")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            known = ", ".join(Tenant.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
            raise CommandError(f"tenant: there is no {options['tenant']}. There are: {known}.")
        by, now = the_system("issue_api_key"), timezone.now()
        with tenant_active(tenant):
            party = Party.objects.filter(code=options["party"]).first()
            if party is None:
                raise CommandError(f"party: {tenant.slug} has none with the code {options['party']}.")
            role = options["role"] or ("system" if party.kind == "manufacturer" else "owner")
            scopes = [scope for word in options["scopes"] for scope in word.split(",") if scope]
            if scopes == ["all"]:
                scopes = sorted(grantable(party.kind, role, by))
            until = now + timedelta(days=options["days"]) if options["days"] else None
            try:
                issued = issue_key(
                    party=party,
                    name=options["name"],
                    scopes=scopes,
                    role=role,
                    expires_at=until,
                    by=by,
                    at=now,
                )
            except Refusal as refusal:
                held = ", ".join(sorted(grantable(party.kind, role, by)))
                more = f" The role {role} may have: {held}." if held and refusal.field == "scopes" else ""
                raise CommandError(f"{refusal.field}: {refusal.message}{more}") from refusal
        self.stdout.write(issued.secret)
