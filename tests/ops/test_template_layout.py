"""A template line that is too long, or laid out otherwise than the formatter does, is found."""

from ops.template_layout import long_lines, run_formatter


def test_a_line_of_more_than_120_characters_is_named(tmp_path):
    page = tmp_path / "templates" / "room" / "page.html"
    page.parent.mkdir(parents=True)
    page.write_text(f"<p>{'x' * 113}</p>\n<p>{'长' * 114}</p>\n", "utf-8")
    assert list(long_lines(tmp_path / "templates")) == ["templates/room/page.html:2: 121 characters"]


def test_two_elements_in_a_line_are_laid_out_and_then_fit(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<div><div><p>a</p><p>b</p></div></div>\n")
    assert run_formatter(tmp_path, "--check") != 0
    assert run_formatter(tmp_path) == 0
    assert run_formatter(tmp_path, "--check") == 0
    assert page.read_text() == "<div>\n  <div>\n    <p>a</p>\n    <p>b</p>\n  </div>\n</div>\n"
