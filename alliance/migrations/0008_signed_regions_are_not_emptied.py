"""A signed region's term is not emptied: the ends of an empty range are null, and compare to nothing."""

from django.db import migrations

STAYS = """
CREATE OR REPLACE FUNCTION refuse_signed_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
  SELECT c.state, c.until INTO held FROM alliance_contract c
   WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.contract_id;
  IF held.state IS NULL OR held.state = 'draft' THEN RETURN NEW; END IF;
  IF ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area, lower(NEW.term), upper(NEW.term))
       IS DISTINCT FROM
     ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area, lower(OLD.term), held.until)
     OR NOT NEW.term <@ OLD.term THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("alliance", "0007_next_versions")]

    operations = [migrations.RunSQL(STAYS, migrations.RunSQL.noop)]
