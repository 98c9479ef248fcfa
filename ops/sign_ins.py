"""Print the one-click sign-ins of an address; runs inside the environment."""

import os
import sys

import django
from django.core.management import call_command


def main(address: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    call_command("demo_sign_ins", address)


if __name__ == "__main__":
    main(sys.argv[1])
