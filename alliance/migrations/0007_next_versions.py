from django.db import migrations

SHORTENED = """
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
       NEW.member_id, NEW.starts_on, NEW.delivery_hours, NEW.late_fee
     ) IS DISTINCT FROM ROW(
       OLD.text, OLD.digest, OLD.code, OLD.version, OLD.manufacturer_id, OLD.dealer_id,
       OLD.member_id, OLD.starts_on, OLD.delivery_hours, OLD.late_fee) THEN
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

CREATE FUNCTION refuse_signed_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held record;
BEGIN
  SELECT c.state, c.until INTO held FROM alliance_contract c
   WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.contract_id;
  IF held.state IS NULL OR held.state = 'draft' THEN RETURN NEW; END IF;
  IF ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area)
       IS DISTINCT FROM ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area)
     OR lower(NEW.term) <> lower(OLD.term) OR upper(NEW.term) <> held.until
     OR NOT NEW.term <@ OLD.term THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
DROP TRIGGER signed_area_stays ON alliance_contractarea;
CREATE TRIGGER signed_area_stays BEFORE UPDATE ON alliance_contractarea FOR EACH ROW
  WHEN (ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area, NEW.term)
        IS DISTINCT FROM ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area, OLD.term))
  EXECUTE FUNCTION refuse_signed_area();
"""


class Migration(migrations.Migration):
    dependencies = [("alliance", "0006_guarantees_by_contract")]

    operations = [migrations.RunSQL(SHORTENED, migrations.RunSQL.noop)]
