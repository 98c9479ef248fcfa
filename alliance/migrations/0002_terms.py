import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.postgresql.psycopg_any import NumericRange

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# What was submitted or signed is never edited: this version covers the fields that 0002 adds.
SIGNED_IS_FIXED = """
CREATE OR REPLACE FUNCTION refuse_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state IN ('active', 'ended') THEN
      RAISE EXCEPTION 'a contract that was signed is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.state IN ('active', 'ended') AND NEW.state IN ('draft', 'submitted'))
     OR (OLD.state = 'ended' AND NEW.state <> 'ended') THEN
    RAISE EXCEPTION 'a contract that was signed does not go back' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state <> 'draft' AND NEW.state <> 'draft' AND ROW(
       NEW.text, NEW.digest, NEW.code, NEW.version, NEW.manufacturer_id, NEW.dealer_id,
       NEW.member_id, NEW.starts_on, NEW.delivery_hours, NEW.late_fee, NEW.notice_days,
       NEW.reply_days, NEW.book_up_to, NEW.security_deposit, NEW.proposed_by_id
     ) IS DISTINCT FROM ROW(
       OLD.text, OLD.digest, OLD.code, OLD.version, OLD.manufacturer_id, OLD.dealer_id,
       OLD.member_id, OLD.starts_on, OLD.delivery_hours, OLD.late_fee, OLD.notice_days,
       OLD.reply_days, OLD.book_up_to, OLD.security_deposit, OLD.proposed_by_id) THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Only the next version that all three signed shortens a contract, and to the day it begins on.
  IF OLD.state <> 'draft' AND NEW.state <> 'draft' AND NEW.until <> OLD.until
     AND (OLD.state <> 'active' OR NEW.until > OLD.until OR NOT EXISTS (
       SELECT 1 FROM alliance_contract next WHERE next.tenant_id = OLD.tenant_id AND next.code = OLD.code
       AND next.version > OLD.version AND next.state = 'active' AND next.starts_on = NEW.until)) THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_signed_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
  SELECT c.state, c.until INTO held FROM alliance_contract c
   WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.contract_id;
  IF held.state IS NULL OR held.state = 'draft' THEN RETURN NEW; END IF;
  IF ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.channel_id, NEW.area, NEW.channels,
         lower(NEW.term), upper(NEW.term))
       IS DISTINCT FROM
     ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.channel_id, OLD.area, OLD.channels,
         lower(OLD.term), held.until)
     OR NOT NEW.term <@ OLD.term THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER signed_area_stays ON alliance_contractarea;
CREATE TRIGGER signed_area_stays BEFORE UPDATE ON alliance_contractarea FOR EACH ROW
  WHEN (ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.channel_id, NEW.area, NEW.channels, NEW.term)
        IS DISTINCT FROM
        ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.channel_id, OLD.area, OLD.channels, OLD.term))
  EXECUTE FUNCTION refuse_signed_area();
"""

TERMS = (
    "GuaranteeTerm",
    "GuaranteeShare",
    "Responsibility",
    "Kpi",
    "ContractPortfolio",
    "Clause",
)
TERMS_ARE_FIXED = "".join(
    f"CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_{name.lower()}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();"
    for name in TERMS
)


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0001_initial"),
        ("catalogue", "0002_portfolios"),
        ("dealers", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Clause",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="number")),
                ("heading", models.CharField(max_length=100, verbose_name="heading")),
                ("body", models.TextField(max_length=4000, verbose_name="text")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clauses",
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
            ],
            options={
                "verbose_name": "clause",
                "verbose_name_plural": "clauses",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "number"), name="clause_number_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContractPortfolio",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "channel",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="dealers.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="portfolios",
                        to="alliance.contract",
                        verbose_name="contract",
                    ),
                ),
                (
                    "portfolio",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.portfolio",
                        verbose_name="portfolio",
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
            ],
            options={
                "verbose_name": "portfolio of a contract",
                "verbose_name_plural": "portfolios of contracts",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "channel"),
                        name="contract_portfolio_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuaranteeShare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("term", "term"),
                            ("spread", "price spread"),
                            ("service", "service"),
                        ],
                        max_length=10,
                        verbose_name="guarantee",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manufacturer", "manufacturer"),
                            ("dealer", "dealer"),
                            ("member", "alliance member"),
                        ],
                        max_length=12,
                        verbose_name="owed by",
                    ),
                ),
                ("share", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="share")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shares",
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
            ],
            options={
                "verbose_name": "share of a guarantee",
                "verbose_name_plural": "shares of guarantees",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "kind", "role"), name="guarantee_share_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="guarantee_share_part"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuaranteeTerm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("clause", models.CharField(max_length=20, verbose_name="clause")),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("exclusive", "nobody else delivers into the region"),
                            ("early_end", "not ended before its day"),
                            ("notice", "changes announced in time"),
                            ("renewal", "renewal offered in time"),
                            ("minimum_income", "minimum income"),
                            ("visits", "visits"),
                            ("answer_hours", "requests answered in time"),
                            ("replacement_days", "damaged goods replaced in time"),
                            ("material", "advertising material supplied"),
                            ("training", "trainings held"),
                        ],
                        max_length=20,
                        verbose_name="measured by",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=14, null=True, verbose_name="target"
                    ),
                ),
                (
                    "window",
                    models.CharField(
                        choices=[("month", "month"), ("quarter", "quarter"), ("year", "year")],
                        default="month",
                        max_length=10,
                        verbose_name="in each",
                    ),
                ),
                (
                    "cumulative",
                    models.BooleanField(default=False, verbose_name="a surplus counts in later periods"),
                ),
                (
                    "owed_per_event",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="owed for each event"
                    ),
                ),
                (
                    "months_of_income",
                    models.PositiveSmallIntegerField(default=0, verbose_name="months of average income owed"),
                ),
                (
                    "monthly_cap",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="at most in a month",
                    ),
                ),
                (
                    "category",
                    tenancy.models.base.TenantForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="catalogue.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
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
            ],
            options={
                "verbose_name": "guarantee",
                "verbose_name_plural": "guarantees",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "metric", "category"),
                        name="guarantee_term_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("owed_per_event__gte", 0),
                            models.Q(("target__isnull", True), ("target__gte", 0), _connector="OR"),
                            models.Q(("monthly_cap__isnull", True), ("monthly_cap__gte", 0), _connector="OR"),
                        ),
                        name="guarantee_term_amounts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Kpi",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("purchases", "purchases"),
                            ("outlets", "active outlets"),
                            ("visits", "visits to outlets"),
                            ("displays", "displays that pass"),
                            ("answers", "requests answered in time"),
                            ("training", "trainings attended"),
                            ("market_order", "market kept in order"),
                        ],
                        max_length=20,
                        verbose_name="measured by",
                    ),
                ),
                (
                    "target",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="target in a month"),
                ),
                ("weight", models.DecimalField(decimal_places=4, max_digits=5, verbose_name="weight")),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kpis",
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
            ],
            options={
                "verbose_name": "KPI",
                "verbose_name_plural": "KPIs",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "contract", "metric"), name="kpi_once"),
                    models.CheckConstraint(
                        condition=models.Q(("target__gte", 0), ("weight__gt", 0), ("weight__lte", 1)),
                        name="kpi_figures",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "link",
                    models.CharField(
                        choices=[
                            ("planning", "planning"),
                            ("coverage", "coverage"),
                            ("penetration", "penetration"),
                            ("promotion", "promotion"),
                            ("maintenance", "maintenance"),
                        ],
                        max_length=12,
                        verbose_name="link",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("manufacturer", "manufacturer"),
                            ("dealer", "dealer"),
                            ("member", "alliance member"),
                        ],
                        max_length=12,
                        verbose_name="side",
                    ),
                ),
                ("is_lead", models.BooleanField(default=False, verbose_name="leads")),
                ("duty", models.CharField(max_length=200, verbose_name="duty")),
                ("owner_role", models.CharField(max_length=40, verbose_name="role of the person")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("weekly", "weekly"),
                            ("monthly", "monthly"),
                            ("quarterly", "quarterly"),
                            ("yearly", "yearly"),
                        ],
                        default="monthly",
                        max_length=10,
                        verbose_name="how often",
                    ),
                ),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("visit", "visit"),
                            ("audit", "display audit"),
                            ("request", "answered request"),
                            ("policy", "policy"),
                            ("order", "order"),
                            ("document", "document"),
                        ],
                        default="document",
                        max_length=10,
                        verbose_name="fulfilled by",
                    ),
                ),
                (
                    "contract",
                    tenancy.models.base.TenantForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
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
            ],
            options={
                "verbose_name": "responsibility",
                "verbose_name_plural": "responsibilities",
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "contract", "link", "role"), name="responsibility_cell"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_lead", True)),
                        fields=("tenant", "contract", "link"),
                        name="responsibility_one_lead",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="contractarea",
            name="contract_area_once",
        ),
        migrations.RemoveConstraint(
            model_name="contractarea",
            name="contract_area_exclusive",
        ),
        migrations.AddField(
            model_name="contract",
            name="book_up_to",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=12, verbose_name="booked without a decision up to"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="notice_days",
            field=models.PositiveSmallIntegerField(default=30, verbose_name="days of notice"),
        ),
        migrations.AddField(
            model_name="contract",
            name="proposed_by",
            field=tenancy.models.base.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="dealers.party",
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="reply_days",
            field=models.PositiveSmallIntegerField(default=7, verbose_name="days to reply to a breach"),
        ),
        migrations.AddField(
            model_name="contract",
            name="security_deposit",
            field=models.DecimalField(
                decimal_places=2, default=0, max_digits=14, verbose_name="security deposit"
            ),
        ),
        migrations.AddField(
            model_name="contractarea",
            name="channel",
            field=tenancy.models.base.TenantForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="dealers.channel",
                verbose_name="channel",
            ),
        ),
        migrations.AddField(
            model_name="contractarea",
            name="channels",
            field=django.contrib.postgres.fields.ranges.BigIntegerRangeField(
                default=NumericRange(None, None), editable=False, verbose_name="range of channels"
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="contractarea",
            constraint=models.UniqueConstraint(
                fields=("tenant", "contract", "category", "region", "channel"),
                name="contract_area_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="contractarea",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("holds", True)),
                expressions=[
                    ("tenant", "="),
                    ("category", "="),
                    ("area", "&&"),
                    ("channels", "&&"),
                    ("term", "&&"),
                    ("contract", "<>"),
                ],
                name="contract_area_exclusive",
            ),
        ),
        TenantTable("Contract"),
        TenantTable("ContractArea"),
        *[TenantTable(name) for name in TERMS],
        migrations.RunSQL(SIGNED_IS_FIXED, migrations.RunSQL.noop),
        migrations.RunSQL(TERMS_ARE_FIXED, migrations.RunSQL.noop),
    ]
