"""What is taken as a signed delivery slip."""

from datetime import UTC, datetime

import pytest

from ordering.domain.delivery_slips import media_type_of, received_at, safe_name

JPEG, PNG = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\x00"
WEBP, PDF = b"RIFF\x10\x00\x00\x00WEBPVP8 ", b"%PDF-1.7\n"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (WEBP, "image/webp"),
        (PDF, "application/pdf"),
        (b"%PDF-9", ""),
        (b"RIFF\x10\x00\x00\x00WAVE", ""),
        (b"<svg onload=alert(1)>", ""),
        (b"<html>", ""),
        (b"GIF89a", ""),
        (b"PK\x03\x04", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content, media_type):
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("签收单 1.JPG", "签收单 1.jpg"),
        ("slip.exe", "slip.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ('C:\\photos\\a"b\r\n.jpg', "a_b.jpg"),
        ("", "slip.jpg"),
        ("...", "slip.jpg"),
        ("x" * 300, "x" * 90 + ".jpg"),
    ],
)
def test_a_name_is_plain_and_has_the_extension_of_its_type(name, safe):
    assert safe_name(name, "image/jpeg") == safe


def test_the_time_counts_from_the_slip():
    at = datetime(2026, 6, 1, 1, tzinfo=UTC)
    assert received_at(at, 48) == datetime(2026, 6, 3, 1, tzinfo=UTC)
