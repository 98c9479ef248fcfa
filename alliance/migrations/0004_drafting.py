import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# A review of a clause stays with the submitted text, like the terms.
REVIEWS_ARE_FIXED = (
    "CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_wordingreview"
    " FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0003_recruitment"),
        ("tenancy", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContractTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "member_kind",
                    models.CharField(blank=True, max_length=100, verbose_name="for members of the kind"),
                ),
                ("content", models.JSONField(default=dict, verbose_name="terms")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "verbose_name": "contract template",
                "verbose_name_plural": "contract templates",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "name"), name="contract_template_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="WordingReview",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="clause")),
                ("digest", models.CharField(max_length=64, verbose_name="hash of the clause")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("person", models.CharField(max_length=150, verbose_name="name of the person")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reviews",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        default=tenancy.context.active_tenant_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "review of a clause",
                "verbose_name_plural": "reviews of clauses",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "number", "digest"), name="wording_review_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="contract",
            name="taken_over_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="proposal taken over at"),
        ),
        migrations.AddField(
            model_name="spreadterm",
            name="percent",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                max_digits=7,
                null=True,
                verbose_name="per cent of the advised resale price",
            ),
        ),
        TenantTable("ContractTemplate"),
        TenantTable("WordingReview"),
        migrations.RunSQL(REVIEWS_ARE_FIXED, migrations.RunSQL.noop),
    ]
