from django.db import migrations

STAYS = """
CREATE FUNCTION refuse_signed_contract() RETURNS trigger LANGUAGE plpgsql AS $$
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
       NEW.member_id, NEW.starts_on, NEW.until, NEW.delivery_hours, NEW.late_fee
     ) IS DISTINCT FROM ROW(
       OLD.text, OLD.digest, OLD.code, OLD.version, OLD.manufacturer_id, OLD.dealer_id,
       OLD.member_id, OLD.starts_on, OLD.until, OLD.delivery_hours, OLD.late_fee) THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_contract
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_contract();

CREATE FUNCTION refuse_signed_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM alliance_contract c WHERE c.tenant_id = OLD.tenant_id
             AND c.id = OLD.contract_id AND c.state <> 'draft') THEN
    RAISE EXCEPTION 'what was submitted or signed is never edited' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER signed_stays BEFORE UPDATE OR DELETE ON alliance_spreadterm
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();
CREATE TRIGGER signed_stays BEFORE DELETE ON alliance_contractarea
  FOR EACH ROW EXECUTE FUNCTION refuse_signed_term();
CREATE TRIGGER signed_area_stays BEFORE UPDATE ON alliance_contractarea FOR EACH ROW
  WHEN (ROW(NEW.contract_id, NEW.category_id, NEW.region_id, NEW.area, NEW.term)
        IS DISTINCT FROM ROW(OLD.contract_id, OLD.category_id, OLD.region_id, OLD.area, OLD.term))
  EXECUTE FUNCTION refuse_signed_term();
"""
GOES = """
DROP TRIGGER signed_area_stays ON alliance_contractarea;
DROP TRIGGER signed_stays ON alliance_contractarea;
DROP TRIGGER signed_stays ON alliance_spreadterm;
DROP FUNCTION refuse_signed_term();
DROP TRIGGER signed_stays ON alliance_contract;
DROP FUNCTION refuse_signed_contract();
"""


class Migration(migrations.Migration):
    dependencies = [("alliance", "0001_initial")]

    operations = [migrations.RunSQL(STAYS, GOES)]
