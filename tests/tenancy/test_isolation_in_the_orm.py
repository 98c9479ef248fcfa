import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from catalogue.models import Category, Product
from tenancy.context import NoTenant, TenantMixup, tenant_active
from tenancy.crossing import across_tenants
from tenancy.models import Tenant, new_id


def _rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_product")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "ask",
    [
        lambda: list(Product.objects.all()),
        lambda: Product.objects.count(),
        lambda: Product.objects.exists(),
        lambda: Product.objects.update(name="x"),
        lambda: Product.objects.filter(sku="1").delete(),
        lambda: list(Tenant.objects.filter(Exists(Product.objects.filter(tenant=OuterRef("pk"))))),
        lambda: Product(sku="1"),
    ],
)
def test_no_tenant_no_data(ask):
    with pytest.raises(NoTenant):
        ask()


def test_another_tenants_rows_are_not_there(acme, bolt):
    with tenant_active(acme):
        product = Product.objects.create(sku="1", name="生抽")
    with tenant_active(bolt):
        assert not Product.objects.filter(id=product.id).exists()
        assert _rows() == 0
        product.name = "mine now"
        with pytest.raises(Exception, match="did not affect"):
            product.save(force_update=True)
    with tenant_active(acme):
        assert Product.objects.get(id=product.id).name == "生抽"


def test_a_key_into_another_tenant_is_refused_by_the_database(acme, bolt):
    with tenant_active(acme):
        category = Category.objects.create(code="c", name="C")
    with tenant_active(bolt), pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.create(sku="1", name="x", category_id=category.id)


def test_a_row_for_another_tenant_is_refused_by_the_database(acme, bolt):
    with tenant_active(acme), pytest.raises(Exception, match="row-level security"), transaction.atomic():
        Product.objects.create(id=new_id(), tenant=bolt, sku="1", name="x")


def test_a_second_tenant_cannot_be_entered_inside_the_first(acme, bolt):
    with tenant_active(acme), pytest.raises(TenantMixup), tenant_active(bolt):
        pass


def test_the_setting_ends_with_the_block_even_inside_a_longer_transaction(acme):
    with tenant_active(acme):
        Product.objects.create(sku="1", name="x")
        assert _rows() == 1
    assert _rows() == 0


def test_a_broken_statement_is_not_hidden_by_leaving_the_tenant(acme):
    with pytest.raises(IntegrityError), tenant_active(acme), connection.cursor() as cursor:
        twice = "INSERT INTO catalogue_brand (id, tenant_id, name) SELECT gen_random_uuid(), %s, 'x'"
        cursor.execute(f"{twice} FROM generate_series(1, 2)", [acme.id])
    with tenant_active(acme):
        assert _rows() == 0


def test_crossing_tenants_goes_one_at_a_time(acme, bolt):
    seen = []
    for tenant_id in across_tenants():
        Product.objects.create(sku="1", name="x")
        assert _rows() == 1
        seen.append(tenant_id)
    assert set(seen) == {acme.id, bolt.id}
