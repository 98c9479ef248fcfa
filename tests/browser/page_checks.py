"""The questions that a page answers during one visit.

`check_page` opens an address once and puts every question to it: at a desk, in the dark, with large
text, on a phone, for a screen reader. A new page therefore costs one visit, not one for each question.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.browser.conftest import AXE, listened_to
from tests.browser.withstand import until

LAYOUT = (Path(__file__).parent / "withstand.js").read_text("utf-8").strip()
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
"""The rules of axe whose answer depends on the colours."""
DARK_GROUND = "rgb(15, 21, 20)"
DEFAULT_TEXT_PX = 16
LARGE_TEXT = {"28px", "30px"}
"""The size of the body's text when the browser's own text size is 200 %."""
WITHOUT_NAVIGATION = {"presale-form", "contract-sign"}
"""Pages with one action on a phone, which have a way back instead of tabs."""
CONTROLS = {"textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "button", "link", "switch"}
COUNT_REQUESTS = """(() => {
  let open = 0, changed = performance.now();
  const count = (by) => { open += by; changed = performance.now(); };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) {
    count(1);
    this.addEventListener("loadend", () => count(-1));
    return send.apply(this, body);
  };
  const real = window.fetch;
  window.fetch = (...request) => { count(1); return real(...request).finally(() => count(-1)); };
  window.isSettled = () =>
    document.readyState === "complete" && open === 0 && performance.now() - changed > 100;
})()"""


class Visitor:
    """One tab of a signed-in browser, and what its console and its requests complain of."""

    def __init__(self, context: Any) -> None:
        context.add_init_script(COUNT_REQUESTS)
        self.page = context.new_page()
        self.debugger = context.new_cdp_session(self.page)
        self.debugger.send("Accessibility.enable")
        self.noise = listened_to(self.page)

    def open(self, address: str) -> None:
        """Load the page and wait until its fragments have arrived."""
        self.noise.clear()
        self.page.goto(address)
        until(self.page, "() => window.isSettled()")

    def resize(self, width: int, height: int = 900) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def layout(self, *questions: str) -> list[str]:
        """Return what is wrong with the layout, by questions of withstand.js."""
        found: list[str] = []
        for question in questions:
            answer = self.page.evaluate(f"{LAYOUT}.{question}()")
            found += [answer] if isinstance(answer, str) else answer
        return [one for one in found if one]

    def axe(self, rules: list[str] | None = None) -> list[str]:
        """Return violations of WCAG 2.2 AA, or of certain rules.

        The checker comes in through the debugger, because the policy lets no script in.
        """
        if not self._run("typeof axe === 'object'"):
            self._run(AXE.read_text("utf-8") + "; true")
        chosen = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
        options = json.dumps({"runOnly": chosen, "resultTypes": ["violations"]})
        found = self._run(
            f"axe.run({options}).then(result => result.violations.map(one => one.id + ': ' +"
            " one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')))"
        )
        return list(found)

    def _run(self, expression: str) -> Any:
        given = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self.debugger.send("Runtime.evaluate", given)
        assert "exceptionDetails" not in answer, answer
        return answer["result"]["value"]

    def text_size(self, pixels: int) -> None:
        """Set the browser's own text size, as a reader does in its settings."""
        self.debugger.send("Page.setFontSizes", {"fontSizes": {"standard": pixels, "fixed": pixels}})

    def tree(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Return role, name and properties of all that a screen reader is given."""
        nodes = self.debugger.send("Accessibility.getFullAXTree")["nodes"]
        return [
            (
                str(node.get("role", {}).get("value", "")),
                str(node.get("name", {}).get("value", "")).strip(),
                {one["name"]: one["value"].get("value") for one in node.get("properties", [])},
            )
            for node in nodes
            if not node.get("ignored")
        ]


def check_page(visitor: Visitor, name: str, address: str) -> list[str]:
    """Open the page once; return every complaint, each with the question that found it."""
    found: list[str] = []

    def note(question: str, complaints: list[str]) -> None:
        found.extend(f"{question}: {one}" for one in complaints)

    visitor.resize(1440)
    visitor.open(address)
    note("1440 px", visitor.layout("tooWide"))
    note("axe", visitor.axe())
    visitor.resize(1280)
    note("screen reader", check_structure(visitor, name))
    note("dark", check_dark(visitor))
    note("200 %", check_large_text(visitor))
    visitor.resize(390, 844)
    note("390 px", visitor.layout("tooWide"))
    visitor.resize(320, 844)
    note("320 px", visitor.layout("tooWide", "cutOff", "overlapping"))
    note("320 px axe", visitor.axe())
    note("console", visitor.noise)
    return found


def check_structure(visitor: Visitor, name: str) -> list[str]:
    """Landmarks, one heading, a language, a title, a live region, a name for each control."""
    page, tree = visitor.page, visitor.tree()
    roles = [role for role, _name, _properties in tree]
    is_plain = page.locator("body.tp-plain").count() > 0
    found = []
    if roles.count("main") != 1 or "banner" not in roles:
        found.append(f"main {roles.count('main')}, banner {roles.count('banner')}")
    if name not in WITHOUT_NAVIGATION and not is_plain and "navigation" not in roles:
        found.append("no navigation")
    heads = [text for role, text, more in tree if role == "heading" and more.get("level") == 1]
    if len(heads) != 1 or not heads[0]:
        found.append(f"h1: {heads}")
    found += [f"{role} without a name" for role, text, _properties in tree if role in CONTROLS and not text]
    if page.evaluate("document.documentElement.lang") != "zh-hans" or not page.title():
        found.append("language or title")
    if not is_plain and page.locator("[role=status][aria-live=polite]").count() < 1:
        found.append("no live region that announces what happened")
    return found


def check_dark(visitor: Visitor) -> list[str]:
    """The dark ground is there, and every word can be read on it."""
    visitor.page.emulate_media(color_scheme="dark")
    ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    found = [] if ground == DARK_GROUND else [f"the ground is {ground}"]
    found += visitor.axe(COLOUR_RULES)
    visitor.page.emulate_media(color_scheme="light")
    return found


def check_large_text(visitor: Visitor) -> list[str]:
    """WCAG 1.4.4: text of 200 % is neither cut off nor overlapping."""
    visitor.text_size(2 * DEFAULT_TEXT_PX)
    size = visitor.page.evaluate("getComputedStyle(document.body).fontSize")
    found = [] if size in LARGE_TEXT else [f"the text is {size}"]
    found += visitor.layout("tooWide", "cutOff", "overlapping")
    visitor.text_size(DEFAULT_TEXT_PX)
    return found
