"""Check and store the files that applicants send. What a file is, its content says, not its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from alliance.domain.uploads import (
    JPEG,
    MAX_FILE_BYTES,
    MAX_FILE_MB,
    MAX_FILES,
    MAX_PIXELS,
    PDF,
    media_type_of,
    safe_name,
)
from alliance.models import Application, ApplicationDocument
from kernel.refusals import Refusal

FORMATS = {JPEG: "JPEG"}


class FileRefused(Refusal):
    code = "file"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent: its name, and its content up to one byte more than is allowed."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    name: str
    media_type: str
    content: bytes
    sha256: str


def checked_files(files: Sequence[SentFile]) -> list[CheckedFile]:
    """Return the files with their types and digests, each content once. Raise FileRefused."""
    if len(files) > MAX_FILES:
        raise FileRefused(_("Send at most %(most)s files.") % {"most": MAX_FILES}, field="documents")
    found = {one.sha256: one for one in map(_checked, files)}
    return list(found.values())


def store_files(application: Application, files: Sequence[CheckedFile], *, at: datetime) -> int:
    """Store the files that the application does not have yet; return their number."""
    stored = ApplicationDocument.objects.filter(application=application)
    known = set(stored.values_list("sha256", flat=True))
    new = [one for one in files if one.sha256 not in known]
    if len(known) + len(new) > 2 * MAX_FILES:
        raise FileRefused(_("This application has enough files already."), field="documents")
    ApplicationDocument.objects.bulk_create(
        ApplicationDocument(
            application=application,
            file_name=one.name,
            media_type=one.media_type,
            content=one.content,
            size=len(one.content),
            sha256=one.sha256,
            uploaded_at=at,
        )
        for one in new
    )
    return len(new)


def _checked(file: SentFile) -> CheckedFile:
    named = {"name": file.name[-60:], "most": MAX_FILE_MB}
    if not 1 <= len(file.content) <= MAX_FILE_BYTES:
        message = _("%(name)s: a file has at most %(most)s MB, and is not empty.")
        raise FileRefused(message % named, field="documents")
    media_type = media_type_of(file.content)
    if not media_type or (media_type != PDF and not _is_picture(file.content, media_type)):
        message = _("%(name)s is no picture (JPEG, PNG) and no PDF.")
        raise FileRefused(message % named, field="documents")
    digest = sha256(file.content).hexdigest()
    return CheckedFile(safe_name(file.name, media_type), media_type, file.content, digest)


def _is_picture(content: bytes, media_type: str) -> bool:
    """Return whether Pillow reads the content as a picture of its type and of a sensible size."""
    try:
        with Image.open(BytesIO(content), formats=[FORMATS.get(media_type, "PNG")]) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return 0 < width * height <= MAX_PIXELS
