from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import transaction
from PIL import Image

from catalogue.models import ProductPicture
from catalogue.operations.pictures import (
    MAX_FILE_BYTES,
    BadPicture,
    NoSuchPicture,
    add_picture,
    remove_picture,
)
from tests.factories import a_manufacturer, a_product, an_actor

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 1, tzinfo=UTC)


def drawn(kind="PNG", size=(1600, 800), **options) -> bytes:
    stream = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, "#cc3300").save(stream, kind, **options)
    return stream.getvalue()


@pytest.fixture
def director(in_acme):
    return an_actor(a_manufacturer())


def test_a_picture_is_stored_in_two_sizes_without_metadata(director):
    exif = Image.Exif()
    exif[0x010E] = "where it was taken"
    product = a_product()
    content = drawn("JPEG", exif=exif)
    picture = add_picture(product_id=product.id, content=content, by=director, at=AT)
    assert (picture.width, picture.height) == (1200, 600)
    large, small = (Image.open(BytesIO(bytes(one))) for one in (picture.large, picture.small))
    assert (large.format, small.size) == ("WEBP", (200, 100))
    assert not large.getexif()
    assert add_picture(product_id=product.id, content=content, by=director, at=AT) == picture


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"GIF89a" + b"x" * 40, b"x" * (MAX_FILE_BYTES + 1), drawn()[:200]],
    ids=["empty", "svg", "gif", "too large", "cut off"],
)
def test_a_file_that_is_no_picture_is_refused(director, content):
    with pytest.raises(BadPicture), transaction.atomic():
        add_picture(product_id=a_product().id, content=content, by=director, at=AT)
    assert not ProductPicture.objects.exists()


def test_a_picture_is_removed_from_its_own_product_only(director):
    product = a_product()
    picture = add_picture(product_id=product.id, content=drawn(), by=director, at=AT)
    with pytest.raises(NoSuchPicture), transaction.atomic():
        remove_picture(product_id=a_product().id, picture_id=picture.id, by=director, at=AT)
    remove_picture(product_id=product.id, picture_id=picture.id, by=director, at=AT)
    assert not ProductPicture.objects.exists()
