"""Every way in which the ORM reaches a second table names the tenant there too."""

import pytest
from django.db import connection
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q, Subquery
from django.test.utils import CaptureQueriesContext

from catalogue.models import Brand, Category, Product, Unit
from dealers.models import Channel, Party, PartyTag, Tag
from tenancy.context import NoTenant, tenant_active
from tenancy.models import Tenant

pytestmark = pytest.mark.django_db


def _world() -> None:
    """A dealer with two members, one of them tagged and in a channel."""
    shops = Channel.objects.create(code="shops", name="Shops")
    dealer = Party.objects.create(kind="dealer", code="d", name="Dealer")
    first = Party.objects.create(kind="member", code="m1", name="First", parent=dealer, channel=shops)
    Party.objects.create(kind="member", code="m2", name="Second", parent=dealer)
    PartyTag.objects.create(party=first, tag=Tag.objects.create(code="hot", name="Hot"))


READS = {
    "inner join": lambda: Party.objects.filter(parent__code="d"),
    "two joins": lambda: PartyTag.objects.filter(party__parent__code="d"),
    "left join": lambda: Party.objects.filter(Q(channel__code="shops") | Q(parent__isnull=True)),
    "reverse join": lambda: Party.objects.filter(children__channel__code="shops"),
    "reverse by exclude": lambda: Party.objects.exclude(children__code="m1"),
    "deeper by exclude": lambda: Party.objects.exclude(children__tags__tag__code="hot"),
    "forward by exclude": lambda: Party.objects.exclude(parent__code="d"),
    "select related": lambda: Party.objects.select_related("parent", "channel", "parent__channel"),
    "exists": lambda: Party.objects.filter(Exists(PartyTag.objects.filter(party=OuterRef("pk")))),
    "sub-query": lambda: Party.objects.annotate(
        tag=Subquery(PartyTag.objects.filter(party=OuterRef("pk")).values("tag__code")[:1])
    ),
    "in": lambda: Party.objects.filter(id__in=PartyTag.objects.values("party")),
    "group": lambda: Party.objects.annotate(n=Count("children__tags")).order_by("-n"),
    "group by a join": lambda: Party.objects.values("parent__code").annotate(n=Count("id")).order_by("n"),
    "order": lambda: Party.objects.order_by("channel__code", "code"),
    "filtered relation": lambda: Party.objects.annotate(
        hot=FilteredRelation("children", condition=Q(children__channel__isnull=False))
    ).filter(hot__code=F("hot__code")),
    "union": lambda: Party.objects.filter(parent__code="d").union(
        Party.objects.filter(tags__tag__code="hot")
    ),
    "distinct": lambda: Party.objects.filter(tags__tag__code="hot").distinct(),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_names_the_tenant_of_each_table(acme, bolt, name):
    with tenant_active(bolt):
        _world()
    with tenant_active(acme):
        _world()
        with CaptureQueriesContext(connection) as ran:
            found = list(READS[name]())
    assert found
    for query in ran.captured_queries:
        tables = query["sql"].count('FROM "') + query["sql"].count('JOIN "')
        assert query["sql"].count("tenant_id =") + query["sql"].count('"tenant_id" =') >= tables, query["sql"]


@pytest.mark.parametrize("name", READS)
def test_a_read_without_a_tenant_raises(db, name):
    with pytest.raises(NoTenant):
        list(READS[name]())


def test_related_rows_come_from_the_tenant_alone(in_acme):
    _world()
    with CaptureQueriesContext(connection) as ran:
        dealer = Party.objects.prefetch_related("children__tags__tag", "channel").get(code="d")
        assert {child.code for child in dealer.children.all()} == {"m1", "m2"}
        assert [tag.tag.code for child in dealer.children.all() for tag in child.tags.all()] == ["hot"]
        assert Party.objects.get(code="m1").parent == dealer
        dealer.children.filter(code="m1").update(name="new")
        dealer.refresh_from_db()
    assert all('"tenant_id" = ' in query["sql"] for query in ran.captured_queries)


def test_writes_name_the_tenant_and_leave_it_out_of_set(in_acme):
    _world()
    with CaptureQueriesContext(connection) as ran:
        party = Party.objects.get(code="m1")
        party.name = "Changed"
        party.save()
        party.save(update_fields=["name"])
        Party.objects.update_or_create(code="m1", defaults={"name": "Again"})
        parties = list(Party.objects.filter(kind="member"))
        for one in parties:
            one.address = "x"
        Party.objects.bulk_update(parties, ["address"])
        Party.objects.filter(parent__code="d").update(phone="1")
    for query in ran.captured_queries:
        sql = query["sql"]
        if sql.startswith("UPDATE"):
            assert "tenant_id" not in sql.partition(" WHERE ")[0], sql
            assert '"tenant_id" = ' in sql.partition(" WHERE ")[2], sql
    assert set(Party.objects.filter(kind="member").values_list("address", "phone")) == {("x", "1")}


def test_a_row_and_what_hangs_on_it_are_deleted_inside_the_tenant(acme, bolt):
    for tenant in (acme, bolt):
        with tenant_active(tenant):
            _world()
    with tenant_active(acme):
        assert Tag.objects.get(code="hot").delete()[0] == 2
        assert not PartyTag.objects.exists()
    with tenant_active(bolt):
        assert Tag.objects.count() == 1
        assert PartyTag.objects.count() == 1


def test_a_row_at_hand_cannot_be_deleted_without_its_tenant(acme, bolt):
    with tenant_active(acme):
        brand = Brand.objects.create(name="B")
    with pytest.raises(NoTenant):
        brand.delete()
    with tenant_active(bolt):
        assert brand.delete()[0] == 0
    with tenant_active(acme):
        assert Brand.objects.get() == brand


def test_bulk_inserts_carry_the_tenant(in_acme):
    category = Category.objects.create(code="c", name="C")
    Product.objects.bulk_create(Product(sku=str(n), name="x", category=category) for n in range(3))
    assert set(Product.objects.values_list("tenant_id", flat=True)) == {in_acme.id}
    again = [Product(sku="1", name="y")]
    Product.objects.bulk_create(
        again, update_conflicts=True, update_fields=["name"], unique_fields=["tenant", "sku"]
    )
    assert Product.objects.get(sku="1").name == "y"
    assert not Unit.objects.exists()


def test_tenants_are_written_by_the_owner_alone(db):
    with pytest.raises(Exception, match="permission denied"):
        Tenant.objects.create(slug="mine", name="Mine")
