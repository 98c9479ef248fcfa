"""`manage.py simulate KIND [FILE]`: apply a rule to a case. It needs no database."""

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import get_supported_language_variant, override
from django.utils.translation import gettext as _

from kernel.cases import InvalidCase, load
from kernel.refusals import Refusal
from simulations.operations.simulate import KINDS, answer_all, error_object


class Command(BaseCommand):
    help = (
        "Reads one case, or a list of cases, as JSON and prints the answer or the list of answers. "
        f"Kinds: {', '.join(KINDS)}. Exit status 2 when a case makes no sense."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=" | ".join(KINDS))
        parser.add_argument("file", metavar="FILE", nargs="?", help="standard input without it, or with -")

    def execute(self, *args: Any, **options: Any) -> str | None:
        with override(_language()):
            return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer, ok = answer_all(options["kind"], load(_document(options["file"])))
        except Refusal as refusal:
            answer, ok = error_object(refusal), False
        written = json.dumps(answer, ensure_ascii=False, indent=2)
        try:
            written.encode(self.stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # a terminal without Chinese characters, or an unpaired surrogate
            written = json.dumps(answer, indent=2)
        self.stdout.write(written)
        if not ok:
            sys.exit(2)


def _language() -> str:
    """Return the language of the terminal, or the default."""
    names = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), "").split(".")[0].replace("_", "-")
    try:
        return get_supported_language_variant(name)
    except LookupError:
        return settings.LANGUAGE_CODE


def _document(file: str | None) -> bytes:
    if file in (None, "-"):
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except OSError as error:
        message = _("The file %(file)s cannot be read: %(error)s.") % {"file": file, "error": error.strerror}
        raise InvalidCase("unreadable_file", message, field="file") from error
