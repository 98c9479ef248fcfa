"""Add pictures to a product, without metadata and in two sizes, and remove them."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from accounts.rights import Actor
from audit.operations.recording import record
from catalogue.audit_actions import ProductAction
from catalogue.models import Product, ProductPicture
from catalogue.operations.life_cycle import NoSuchProduct
from kernel.refusals import Refusal
from tenancy.context import joined_transaction

MAX_FILE_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_PICTURES = 8
LARGE_PX, SMALL_PX = 1200, 200
FORMATS = ("JPEG", "PNG", "WEBP")


class BadPicture(Refusal):
    code = "file"


class NoSuchPicture(Refusal):
    code = "not_found"


def add_picture(*, product_id: UUID, content: bytes, by: Actor, at: datetime) -> ProductPicture:
    """Add a picture to the product; the same file again returns the first one.

    Raises NoSuchProduct, and BadPicture for a file that is none of FORMATS, whatever its name says, or is
    too large, and for more than MAX_PICTURES.
    """
    by.must("catalogue.edit")
    large, small, size = resized(content)
    digest = sha256(content).hexdigest()
    with joined_transaction():
        product = Product.objects.select_for_update().filter(id=product_id).first()
        if product is None:
            raise NoSuchProduct(_("There is no such product."), field="product")
        pictures = ProductPicture.objects.filter(product=product)
        known: ProductPicture | None = pictures.filter(sha256=digest).first()
        if known is not None:
            return known
        positions = list(pictures.order_by("position").values_list("position", flat=True))
        if len(positions) >= MAX_PICTURES:
            message = _("A product has at most %(most)s pictures.") % {"most": MAX_PICTURES}
            raise BadPicture(message, field="file")
        picture: ProductPicture = ProductPicture.objects.create(
            product=product,
            position=positions[-1] + 1 if positions else 0,
            large=large,
            small=small,
            width=size[0],
            height=size[1],
            sha256=digest,
            uploaded_at=at,
            uploaded_by=by.label[:150],
        )
        record(ProductAction.ADD_PICTURE, product, by=by, at=at, sku=product.sku, sha256=digest)
    return picture


def remove_picture(*, product_id: UUID, picture_id: UUID, by: Actor, at: datetime) -> None:
    """Remove a picture of the product. Raises NoSuchPicture."""
    by.must("catalogue.edit")
    with joined_transaction():
        rows = ProductPicture.objects.select_related("product")
        picture = rows.filter(id=picture_id, product_id=product_id).first()
        if picture is None:
            raise NoSuchPicture(_("There is no such picture."), field="picture")
        facts = {"sku": picture.product.sku, "sha256": picture.sha256}
        record(ProductAction.REMOVE_PICTURE, picture.product, by=by, at=at, **facts)
        picture.delete()


def resized(content: bytes) -> tuple[bytes, bytes, tuple[int, int]]:
    """Return a picture as WebP without metadata, large and small, and the size of the large one."""
    if not 1 <= len(content) <= MAX_FILE_BYTES:
        limits = {"most": MAX_FILE_BYTES // 1024 // 1024}
        raise BadPicture(_("A picture has at most %(most)s MB, and is not empty.") % limits, field="file")
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise BadPicture(_("This picture has too many pixels."), field="file")
            upright = ImageOps.exif_transpose(opened)
            picture = Image.new("RGB", upright.size, "white")
            layer = upright.convert("RGBA")
            picture.paste(layer, mask=layer)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        message = _("This is no picture that can be read (JPEG, PNG or WebP).")
        raise BadPicture(message, field="file") from error
    picture.thumbnail((LARGE_PX, LARGE_PX))
    small = picture.copy()
    small.thumbnail((SMALL_PX, SMALL_PX))
    return _webp(picture), _webp(small), picture.size


def _webp(picture: Image.Image) -> bytes:
    stream = BytesIO()
    picture.save(stream, "WEBP", quality=82, method=4)
    return stream.getvalue()
