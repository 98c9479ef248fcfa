from django.db import models
from django.utils.translation import gettext_lazy as _

DIGITS = 12
STEPS = (2, 4, 6, 9, 12)


class Region(models.Model):
    """A region of GB/T 2260 as a range of 12-digit codes; the same for every tenant, read only.

    `code` is the code's own digits (44, 4413, 441302); `start` ≤ a place's 12-digit code < `end`.
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
        """Its codes, root first: ("44", "4413", "441302")."""
        return region_path(self.code)


def region_path(code: str) -> tuple[str, ...]:
    """The codes of a region and those above it, root first."""
    return tuple(code[:step] for step in STEPS if step <= len(code))


def region_range(code: str) -> tuple[int, int]:
    """The half-open range of 12-digit codes that a region's code covers."""
    return int(code.ljust(DIGITS, "0")), (int(code) + 1) * 10 ** (DIGITS - len(code))
