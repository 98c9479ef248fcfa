"""Stages of products as badges."""

from __future__ import annotations

from catalogue.models import Product
from ui.web.components import Badge

STAGES = {
    Product.Stage.DEVELOPMENT: ("", "bulb"),
    Product.Stage.TRIAL: ("info", "flask"),
    Product.Stage.ACTIVE: ("", "circle-check"),
    Product.Stage.ENDING: ("warn", "hourglass"),
    Product.Stage.ENDED: ("", "ban"),
}


def stage_state(product: Product) -> Badge:
    """Return the stage of a product as a badge."""
    mood, icon = STAGES[Product.Stage(product.stage)]
    return Badge(Product.Stage(product.stage).label, mood, icon)
