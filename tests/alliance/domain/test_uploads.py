"""What a file is, by its content."""

import pytest

from alliance.domain.uploads import MAX_NAME_CHARACTERS, media_type_of, safe_name


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"%PDF-1.7\n...%%EOF\n", "application/pdf"),
        (b"%PDF-1.7 without an end", ""),
        (b"%PDF-9.7 %%EOF", ""),
        (b"MZ\x90", ""),
        (b"<html>", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"", ""),
    ],
)
def test_the_type_is_that_of_the_content(content: bytes, found: str) -> None:
    assert media_type_of(content) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("licence.exe", "licence.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\a\\执照.JPG", "执照.jpg"),
        ("<script>.png", "script.jpg"),
        ("", "file.jpg"),
        ("….pdf", "file.jpg"),
    ],
)
def test_a_name_is_made_safe(name: str, found: str) -> None:
    assert safe_name(name, "image/jpeg") == found


def test_a_long_name_is_cut() -> None:
    assert len(safe_name("x" * 500, "application/pdf")) <= MAX_NAME_CHARACTERS
