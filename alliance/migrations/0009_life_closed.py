"""Refuse every change to the terms of a signed contract, new terms included; reminders of authorisations."""

import django.db.models.deletion
from django.db import migrations, models

import tenancy.context
import tenancy.models.base
from tenancy.migration import TenantTable

# FOR SHARE waits for a submission that is under way, and then reads its state.
TERMS_ARE_FIXED = """
CREATE OR REPLACE FUNCTION refuse_signed_term() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE contract_state varchar;
BEGIN
  IF TG_OP <> 'INSERT' THEN
    SELECT c.state INTO contract_state FROM alliance_contract c
     WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.contract_id FOR SHARE;
    IF contract_state <> 'draft' THEN
      RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF TG_OP = 'INSERT' OR NEW.contract_id <> OLD.contract_id OR NEW.tenant_id <> OLD.tenant_id THEN
    SELECT c.state INTO contract_state FROM alliance_contract c
     WHERE c.tenant_id = NEW.tenant_id AND c.id = NEW.contract_id FOR SHARE;
    IF contract_state <> 'draft' THEN
      RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""
TERMS = (
    "SpreadTerm",
    "GuaranteeTerm",
    "GuaranteeShare",
    "Responsibility",
    "Kpi",
    "ContractPortfolio",
    "Clause",
    "WordingReview",
)
TRIGGERS = "".join(
    f"DROP TRIGGER signed_stays ON alliance_{name.lower()};"
    f"CREATE TRIGGER signed_stays BEFORE INSERT OR UPDATE OR DELETE ON alliance_{name.lower()}"
    " FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();"
    for name in TERMS
)
# A region's own trigger lets the end of a signed contract shorten its term; a new one needs a draft too.
REGIONS = (
    "CREATE TRIGGER signed_region_stays BEFORE INSERT OR UPDATE OF contract_id ON alliance_contractarea"
    " FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();"
)


class Migration(migrations.Migration):
    dependencies = [
        ("alliance", "0008_regions"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorisationNotice',
            fields=[
                ('id', models.UUIDField(default=tenancy.models.base.new_id, editable=False, primary_key=True, serialize=False)),
                ('days', models.PositiveSmallIntegerField(verbose_name='days before')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('authorisation', tenancy.models.base.TenantForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='alliance.authorisation', verbose_name='authorisation')),
                ('tenant', models.ForeignKey(db_constraint=False, db_index=False, default=tenancy.context.active_tenant_id, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'reminder of an authorisation',
                'verbose_name_plural': 'reminders of authorisations',
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.UniqueConstraint(fields=('tenant', 'authorisation', 'days'), name='authorisation_notice_once')],
            },
        ),
        TenantTable("AuthorisationNotice", append_only=True),
        migrations.RunSQL(TERMS_ARE_FIXED + TRIGGERS + REGIONS, migrations.RunSQL.noop),
    ]
