"""`manage.py lift_second_factor NAME`: for the platform's operator, if no director may do it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.operations.devices import end_everywhere
from accounts.operations.second_factor import lift_second_factor


class Command(BaseCommand):
    help = "Takes the second factor from a person who has lost it, and ends all their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no {options['username']}.")
        with transaction.atomic():
            lift_second_factor(user=user)
            end_everywhere(user=user)
        self.stdout.write(f"{user.username} signs in by the password alone.")
