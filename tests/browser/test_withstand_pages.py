"""Every page that a person can reach: one visit with all questions, one in English, one without script.

`tests/browser/page_checks.py` says what a page is asked; the last test plants one fault of each kind.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from dealers.models import Region
from tests.browser.conftest import IN_A_BROWSER
from tests.browser.page_checks import Visitor, check_page

pytestmark = IN_A_BROWSER
DOORS = ("manufacturer", "dealer", "member")
MIN_PAGES = {"manufacturer": 45, "dealer": 30, "member": 20}
MIN_LETTERS = 12
FAULTS = (Path(__file__).parent / "planted_faults.js").read_text("utf-8")


def report(wrong: dict[str, list[Any]]) -> str:
    return "\n".join(f"{page}: {found}" for page, found in wrong.items())


@pytest.mark.parametrize("door", DOORS)
def test_the_walk_takes_in_every_page_of_the_navigation(walked, door):
    from portal.queries.navigation import entries_of

    entries = entries_of("staff" if door == "manufacturer" else door)
    named = {entry.page.partition("?")[0] for entry in entries}
    assert named <= {name.partition("?")[0] for name in walked.pages(door)}
    assert len(walked.pages(door)) > MIN_PAGES[door]


@pytest.mark.parametrize("door", DOORS)
def test_every_page_fits_is_silent_and_can_be_used_by_everyone(walked, browser, door):
    context = walked.enter(browser, door)
    visitor = Visitor(context)
    wrong = {}
    for name, address in walked.pages(door).items():
        if found := check_page(visitor, name, walked.site + address):
            wrong[f"{name} {address}"] = found
    context.close()
    assert not wrong, report(wrong)


@pytest.mark.parametrize("door", DOORS)
def test_in_english_no_chinese_word_is_left_in_the_frame(walked, browser, door):
    """All data of this world is Latin except the regions' names, which are taken out."""
    regions = sorted(Region.objects.values_list("name", flat=True).distinct(), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, regions)))
    wrong: dict[str, Any] = {}
    context = walked.enter(browser, door, "en", viewport={"width": 1440, "height": 900}, locale="en-US")
    visitor = Visitor(context)
    for name, address in walked.pages(door).items():
        visitor.open(walked.site + address)
        text = visitor.page.evaluate(
            "document.title + ' ' + document.body.innerText + ' ' + [...document.querySelectorAll("
            "'[placeholder], [aria-label], [title]')].map(one => [one.placeholder, one.ariaLabel,"
            " one.title].join(' ')).join(' ')"
        )
        left = re.findall("[一-鿿]+", known.sub("", text))
        left = [one for one in left if one not in {"中文", "简体中文", "繁體中文", "繁体中文"}]
        if found := [*left[:5], *visitor.layout("tooWide"), *visitor.noise]:
            wrong[f"{name} {address}"] = found
    context.close()
    assert not wrong, report(wrong)


@pytest.mark.parametrize("door", DOORS)
def test_without_script_every_page_has_its_content(walked, browser, door):
    context = walked.enter(browser, door, java_script_enabled=False)
    page = context.new_page()
    wrong = {}
    for name, address in walked.pages(door).items():
        page.goto(walked.site + address)
        letters = len(page.locator("main").inner_text().strip())
        heads = page.locator("h1").count()
        busy = page.locator("main [aria-busy=true]:visible").count()
        links = page.locator("main [aria-busy=true] a:visible").count()
        if letters < MIN_LETTERS or heads != 1 or busy > links:
            wrong[f"{name} {address}"] = [letters, heads, busy]
    context.close()
    assert not wrong, report(wrong)


def test_each_kind_of_planted_fault_is_found(walked, browser):
    context = walked.enter(browser, "dealer")
    visitor = Visitor(context)
    name, address = "standing", walked.site + walked.pages("dealer")["standing"]
    assert check_page(visitor, name, address) == []
    context.add_init_script(FAULTS)
    found = check_page(visitor, name, address)
    context.close()
    expected = (
        "1440 px: 2000 > 1440",
        "axe: image-alt",
        "screen reader: h1",
        "screen reader: button without a name",
        "dark: color-contrast",
        "200 %: cut P.planted-low",
        "390 px: 2000 > 390",
        "320 px: 2000 > 320",
        "320 px: cut P.planted-narrow",
        "320 px: on one another: planted one",
        "320 px axe: color-contrast",
        "console: planted",
    )
    missing = [kind for kind in expected if not any(one.startswith(kind) for one in found)]
    assert not missing, report({"missing": missing, "found": found})
