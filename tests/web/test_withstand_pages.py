"""Every page that a person can reach: on a narrow phone, at a desk, with large text, for everyone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dealers.models import Region
from tests.web.conftest import CHROMIUM, IN_A_BROWSER, axe, listened_to

pytestmark = IN_A_BROWSER
LOOKING = (Path(__file__).parent / "withstand.js").read_text("utf-8").strip()
DOORS = ("manufacturer", "dealer", "member")


def asked(page: Any, *questions: str) -> list[str]:
    """What the page answers to questions of withstand.js; nothing where all is well."""
    answers = [page.evaluate(f"{LOOKING}.{question}()") for question in questions]
    return [one for answer in answers for one in ([answer] if isinstance(answer, str) else answer) if one]


def told(wrong: dict[str, list[Any]]) -> str:
    return "\n".join(f"{page}: {found}" for page, found in wrong.items())


@pytest.mark.parametrize("door", DOORS)
def test_the_walk_takes_in_every_page_of_the_navigation(walked, door):
    from portal.queries.navigation import entries_of

    entries = entries_of("staff" if door == "manufacturer" else door)
    named = {entry.page.partition("?")[0] for entry in entries}
    assert named <= {name.partition("?")[0] for name in walked.pages(door)}
    assert len(walked.pages(door)) > {"manufacturer": 45, "dealer": 30, "member": 20}[door]


@pytest.mark.parametrize("door", DOORS)
def test_every_page_fits_is_silent_and_can_be_used_by_everyone(walked, browser, door):
    wrong: dict[str, list[Any]] = {}
    context = walked.enter(browser, door, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    said = listened_to(page)
    for name, address in walked.pages(door).items():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(walked.site + address, wait_until="networkidle")
        found: list[Any] = [*asked(page, "tooWide"), *axe(context, page)]
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            found += asked(page, "tooWide")
        found += asked(page, "cutOff", "overlapping")
        found += [f"phone {one}" for one in axe(context, page)]
        if found or said:
            wrong[f"{name} {address}"] = [*found, *said]
        said.clear()
    context.close()
    assert not wrong, told(wrong)


@pytest.mark.parametrize("door", DOORS)
def test_text_of_twice_the_size_is_neither_cut_off_nor_overlapping(walked, browser, door):
    """WCAG 1.4.4, as a reader does it: the browser's own text size set to 200 %."""
    wrong: dict[str, list[str]] = {}
    large = browser.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    )
    context = walked.enter(large, door, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for name, address in walked.pages(door).items():
        page.goto(walked.site + address, wait_until="networkidle")
        assert page.evaluate("getComputedStyle(document.body).fontSize") in {"28px", "30px"}
        if found := asked(page, "tooWide", "cutOff", "overlapping"):
            wrong[f"{name} {address}"] = found
    large.close()
    assert not wrong, told(wrong)


@pytest.mark.parametrize("door", DOORS)
def test_in_english_no_chinese_word_is_left_in_the_frame(walked, browser, door):
    """All data of this world is Latin but the regions' names, which are taken out."""
    regions = sorted(Region.objects.values_list("name", flat=True).distinct(), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, regions)))
    wrong: dict[str, Any] = {}
    context = walked.enter(browser, door, "en", viewport={"width": 1440, "height": 900}, locale="en-US")
    page = context.new_page()
    said = listened_to(page)
    for name, address in walked.pages(door).items():
        page.goto(walked.site + address, wait_until="networkidle")
        text = page.evaluate(
            "document.title + ' ' + document.body.innerText + ' ' + [...document.querySelectorAll("
            "'[placeholder], [aria-label], [title]')].map(one => [one.placeholder, one.ariaLabel,"
            " one.title].join(' ')).join(' ')"
        )
        left = re.findall("[一-鿿]+", known.sub("", text))
        left = [one for one in left if one not in {"中文", "简体中文", "繁體中文", "繁体中文"}]
        if left or said or asked(page, "tooWide"):
            wrong[f"{name} {address}"] = [left[:5], list(said), asked(page, "tooWide")]
        said.clear()
    context.close()
    assert not wrong, told(wrong)
