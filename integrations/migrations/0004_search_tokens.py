from django.db import migrations
from psycopg2.extras import execute_values

from kernel.search import search_tokens
from tenancy.migration import RunUnforced
from tenancy.operations.searching import token_id

NOUNS = {
    "party": "SELECT tenant_id, id, ARRAY[name], ARRAY[code, regexp_replace(phone, '^[+]86', ''), uscc, contact] FROM dealers_party",
    "product": "SELECT p.tenant_id, p.id, ARRAY[p.name], ARRAY[p.sku]::text[] || ARRAY(SELECT b.code::text"
    " FROM catalogue_barcode b WHERE b.tenant_id = p.tenant_id AND b.product_id = p.id) FROM catalogue_product p",
    "contract": "SELECT tenant_id, id, '{}'::text[], ARRAY[code] FROM alliance_contract",
}


def index_what_is_there(apps, schema_editor):
    for noun, sql in NOUNS.items():
        with schema_editor.connection.cursor() as found, schema_editor.connection.cursor() as cursor:
            found.execute(sql)
            while rows := found.fetchmany(2000):
                tokens = [
                    (token_id(object_id, token), tenant_id, noun, token, object_id)
                    for tenant_id, object_id, names, codes in rows
                    for token in search_tokens(names=names, codes=codes)
                ]
                execute_values(
                    cursor.cursor,
                    "INSERT INTO tenancy_searchtoken (id, tenant_id, noun, token, object_id) VALUES %s"
                    " ON CONFLICT DO NOTHING",
                    tokens,
                    page_size=10_000,
                )


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0003_labels"),
        ("tenancy", "0005_forms_sent_once_and_search"),
        ("dealers", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("alliance", "0001_initial"),
    ]

    operations = [
        RunUnforced(
            index_what_is_there,
            ["dealers_party", "catalogue_product", "catalogue_barcode", "alliance_contract", "tenancy_searchtoken"],
            reverse_code=migrations.RunPython.noop,
        ),
    ]
