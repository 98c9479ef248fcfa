"""Every form that writes names its sender and is done once, however often it is sent."""

import re
from collections import Counter
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "templates"
FORM = re.compile(r"<form\b(?P<head>[^>]*(?:\{[%{].*?[%}]\}[^>]*)*)>(?P<body>.*?)(?:</form>|\Z)", re.DOTALL)
POST = re.compile(r"method=[\"']?post", re.IGNORECASE)
BUTTON = re.compile(r"\{%\s*post_button\b(?P<look>.*?)%\}")
INCLUDE = re.compile(r"\{%\s*include\s+\"([^\"]+)\"")
BUTTON_FORM = (TEMPLATES / "kit" / "post_button.html").read_text("utf-8")

# How many forms of a template may do without, and why a second sending of these does no harm.
NOT_ONCE = {
    "accounts/by_code.html": (1, "asks for a code, which is limited by itself; nobody is signed in"),
    "accounts/code.html": (1, "a sign-in code is good once"),
    "accounts/demo.html": (1, "signs in"),
    "accounts/inbox.html": (2, "a message is read, however often it is said"),
    "accounts/me.html": (1, "the language is the same after the second time"),
    "accounts/own_password.html": (2, "proves who one is; signs out"),
    "accounts/password.html": (1, "the old password is good once"),
    "accounts/second_factor.html": (1, "signs in; a code of the second factor is good once"),
    "accounts/second_factor_off.html": (1, "begins to set a second factor up; turning it off twice is off"),
    "accounts/second_factor_on.html": (1, "a code of the second factor is good once"),
    "accounts/second_step.html": (2, "signs in; a code of the second factor is good once"),
    "accounts/sign_in.html": (2, "signs in"),
    "admin/base_site.html": (1, "signs out"),
    "alliance/apply.html": (1, "its signed stamp is the token; its person has no tenant"),
    "alliance/apply_answer.html": (1, "a question is answered once by itself; its person has no tenant"),
    "dealers/invitation.html": (2, "an invitation is answered once by itself; its person has no tenant yet"),
    "dealers/invitations.html": (
        1,
        "an invitation is answered once by itself; its person may have no tenant yet",
    ),
    "home/mine.html": (3, "the language, the tenant one works in, signing out"),
    "home/nowhere.html": (1, "signs out"),
    "integrations/what_if.html": (1, "a question: nothing is written"),
    "parts/account.html": (2, "signs out, changes the tenant one works in"),
    "parts/language.html": (1, "the language is the same after the second time"),
    "pricing/quote.html": (1, "a question: nothing is written"),
}


def posting_forms():
    """(name of the template, what stands within the form, its includes too)."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name, text = path.relative_to(TEMPLATES).as_posix(), path.read_text("utf-8")
        for found in FORM.finditer(text):
            if POST.search(found["head"]):
                yield name, expanded(found["body"])
        for found in BUTTON.finditer(text):
            without = "once=False" in found["look"]
            yield name, BUTTON_FORM.replace("{% once %}", "") if without else BUTTON_FORM


def expanded(text, depth=4):
    if not depth:
        return text
    inner = [TEMPLATES / name for name in INCLUDE.findall(text)]
    return text + "".join(expanded(one.read_text("utf-8"), depth - 1) for one in inner if one.is_file())


def test_there_are_forms_to_look_at():
    assert len(list(posting_forms())) > 40


def test_every_form_that_posts_says_who_sends_it():
    assert [name for name, body in posting_forms() if "{% csrf_token %}" not in body] == []


def without_once():
    return Counter(name for name, body in posting_forms() if "{% once %}" not in body)


def test_every_form_that_posts_is_done_once():
    allowed = {name: count for name, (count, _why) in NOT_ONCE.items()}
    assert {name: count for name, count in without_once().items() if count > allowed.get(name, 0)} == {}


def test_no_exception_is_kept_that_is_none():
    missing = without_once()
    assert {name for name, (count, _why) in NOT_ONCE.items() if missing[name] != count} == set()
