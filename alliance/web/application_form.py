"""The public form of an application, with what keeps robots out: a trap field and a stamp of its opening."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.domain.uploads import MAX_FILE_BYTES, MAX_FILE_MB, MAX_FILES
from alliance.models import Application
from alliance.operations.application_files import SentFile
from alliance.operations.applying import MAX_COUNT, FilledForm
from alliance.queries.recruitment import regions_named
from dealers.models import Channel, Region
from ui.web.joined_lists import join_list
from ui.web.typed_input import CountField

SALT = "alliance.application"
MIN_SECONDS, MAX_SECONDS = 3, 24 * 3600
ACCEPTED_FILES = "image/jpeg,image/png,application/pdf"


def new_stamp(slug: str) -> str:
    """Return a signed stamp of now with a new token, which identifies the form that is sent with it."""
    return signing.dumps({"slug": slug, "token": secrets.token_urlsafe(18)}, salt=SALT, compress=True)


def token_of(stamp: str, slug: str) -> str:
    """Return the token of a stamp; "" for one that is forged, of another tenant or too old."""
    try:
        found = signing.loads(stamp, salt=SALT, max_age=MAX_SECONDS)
    except signing.BadSignature:
        return ""
    return str(found["token"]) if found.get("slug") == slug else ""


def is_too_fast(stamp: str) -> bool:
    """Return whether a valid stamp was made so recently that no person filled the form since."""
    try:
        signing.loads(stamp, salt=SALT, max_age=MIN_SECONDS)
    except signing.SignatureExpired:
        return False
    return True


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        one = super().clean
        return [one(each, initial) for each in data] if isinstance(data, list | tuple) else []


class UploadForm(forms.Form):
    """A form with the files of an applicant."""

    documents = FilesField(
        label=gettext_lazy("Licences and pictures"),
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPTED_FILES}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        help_text = _("Business licence, permits, pictures of the warehouse. JPEG, PNG or PDF, at most")
        limits = _("%(most)s files of %(mb)s MB each") % {"most": MAX_FILES, "mb": MAX_FILE_MB}
        self.fields["documents"].help_text = f"{help_text} {limits}"

    def sent_files(self) -> list[SentFile]:
        """Return the files as they were sent, each with at most one byte more than is allowed."""
        files: list[UploadedFile] = self.cleaned_data["documents"]
        return [SentFile(one.name or "", one.read(MAX_FILE_BYTES + 1)) for one in files]


class ApplicationForm(UploadForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("We want to become"),
        choices=Application.Kind.choices,
        widget=forms.RadioSelect,
        initial=Application.Kind.MEMBER,
    )
    company = forms.CharField(label=gettext_lazy("Company name"), max_length=200)
    uscc = forms.CharField(
        label=gettext_lazy("Unified social credit code"),
        max_length=40,
        help_text=gettext_lazy("18 characters, on the business licence"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=gettext_lazy("Email address (optional)"), required=False, max_length=254)
    region = forms.CharField(
        label=gettext_lazy("Region"),
        max_length=100,
        help_text=gettext_lazy("City and county, as in 杭州市西湖区, or the six-digit code"),
    )
    address = forms.CharField(label=gettext_lazy("Address"), max_length=300)
    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels you supply"), required=False, widget=forms.CheckboxSelectMultiple
    )
    outlets = CountField(label=gettext_lazy("Outlets you supply"), max_value=MAX_COUNT)
    vehicles = CountField(label=gettext_lazy("Delivery vehicles"), max_value=MAX_COUNT)
    warehouse = CountField(label=gettext_lazy("Warehouse (m²)"), max_value=MAX_COUNT)
    licences = forms.CharField(
        label=gettext_lazy("Licence numbers (optional)"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("for instance of the food business licence"),
    )
    remark = forms.CharField(
        label=gettext_lazy("Remark (optional)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(label="")
    stamp = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)
    website = forms.CharField(required=False)

    field_order = (
        *("kind", "company", "uscc", "contact", "phone", "email", "region", "address"),
        *("channels", "outlets", "vehicles", "warehouse", "licences", "documents", "remark", "consent"),
    )

    def __init__(self, *args: Any, consent: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = Channel.objects.order_by("code").values_list("name", flat=True)
        self.fields["channels"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]  # a choice field
        self.fields["consent"].label = consent
        if not names:
            del self.fields["channels"]

    def clean_region(self) -> Region:
        """Return the one region that was typed, or name those that it may be."""
        typed = self.cleaned_data["region"]
        match regions_named(typed):
            case [one]:
                return one
            case []:
                raise ValidationError(_("There is no such region: give its code or its full name."))
            case several:
                named = join_list(one.full_name for one in several)
                message = _("There are several of this name; write one of them in full: %(names)s")
                raise ValidationError(message % {"names": named})

    def filled(self) -> FilledForm:
        """Return what was typed, after validation."""
        typed = self.cleaned_data
        names = ("kind", "company", "uscc", "contact", "phone", "address", "email", "licences", "remark")
        return FilledForm(
            **{name: typed[name] for name in names},
            region=typed["region"].code,
            outlets=typed["outlets"],
            vehicles=typed["vehicles"],
            warehouse=typed["warehouse"],
            channels=tuple(typed.get("channels", ())),
            consent=str(self.fields["consent"].label),
        )


class AnswerForm(UploadForm):
    answer = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    field_order = ("answer", "documents")
