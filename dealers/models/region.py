"""The model of regions (GB/T 2260), and functions on their codes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

DIGITS = 12
STEPS = (2, 4, 6, 9, 12)


class Region(models.Model):
    """A region of GB/T 2260 as a range of 12-digit codes. The same for every tenant; read-only.

    `code` has the significant digits (44, 4413, 441302); `start` ≤ the 12-digit code of a place < `end`.
    """

    code = models.CharField(_("code"), max_length=DIGITS, primary_key=True)
    name = models.CharField(_("name"), max_length=60)
    full_name = models.CharField(_("full name"), max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, verbose_name=_("parent"))
    depth = models.PositiveSmallIntegerField(_("depth"))
    start = models.BigIntegerField()
    end = models.BigIntegerField()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")

    def __str__(self) -> str:
        return self.full_name

    @property
    def path(self) -> tuple[str, ...]:
        """Return the codes from the root to the region: ("44", "4413", "441302")."""
        return region_path(self.code)


class RegionChange(models.Model):
    """A change of GB/T 2260: from the day `on` the region `old_code` is `new_code`. Read-only.

    A merged region has one row, a split one a row for each part, a renamed one the same code twice. The same
    for every tenant; only the operator writes it (`manage.py load_region_changes`). The old code may be of a
    region that was never loaded, so it is no foreign key.
    """

    class Kind(models.TextChoices):
        MERGED = "merged", _("merged")
        RENAMED = "renamed", _("renamed")
        SPLIT = "split", _("split")
        RENUMBERED = "renumbered", _("renumbered")

    old_code = models.CharField(_("old code"), max_length=DIGITS)
    new = models.ForeignKey(
        Region, on_delete=models.PROTECT, db_index=False, related_name="+", verbose_name=_("new region")
    )
    on = models.DateField(_("from"))
    kind = models.CharField(_("kind of change"), max_length=12, choices=Kind.choices)
    reference = models.CharField(_("document"), max_length=200)

    class Meta:
        verbose_name = _("change of a region")
        verbose_name_plural = _("changes of regions")
        constraints = [
            models.UniqueConstraint(fields=["old_code", "new", "on"], name="region_change_once"),
        ]

    def __str__(self) -> str:
        return f"{self.old_code} → {self.new_id}"


def region_path(code: str) -> tuple[str, ...]:
    """Return the codes of a region and its ancestors, root first."""
    return tuple(code[:step] for step in STEPS if step <= len(code))


def region_range(code: str) -> tuple[int, int]:
    """Return the half-open range of 12-digit codes that a region covers."""
    return int(code.ljust(DIGITS, "0")), (int(code) + 1) * 10 ** (DIGITS - len(code))
