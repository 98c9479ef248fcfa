"""Create products of every stage, portfolios, a trial with feedback, ideas with votes, and pictures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from accounts.rights import DEALER, MEMBER, Actor
from assortment.models import Idea, IdeaVote
from assortment.operations.channels import set_channels
from assortment.operations.ideas import decline_idea
from assortment.operations.trials import answer_trial, open_trial
from catalogue.models import Category, Product, TaxClass
from catalogue.operations.life_cycle import move_stage
from catalogue.operations.master_data import AttributeTerms, save_category, save_tax_class, set_tax_rate
from catalogue.operations.pictures import add_picture
from catalogue.operations.portfolios import add_products, save_portfolio
from catalogue.operations.product_details import set_attributes
from catalogue.operations.products import add_product
from dealers.models import Channel, Party
from demo.operations.scenario import Plan

COLOURS = ("#8a3b12", "#c58b2a", "#5b2333", "#2f4b3c")
IDEAS = (
    ("小瓶生抽 150ml", "外卖店和小家庭问得多，现在只能买大瓶。"),
    ("减盐酱油", "商超客户要货架上的健康款。"),
    ("火锅蘸料小包装", "餐饮门店按桌配，袋装更省事。"),
)
OUTSIDE_PORTFOLIO = 3


def make_assortment(plan: Plan) -> str:
    """Move some products along their life cycle and add what belongs to them."""
    _tax_and_attributes(plan)
    _life_cycle(plan)
    _portfolios(plan)
    trial = _trial(plan)
    _ideas(plan)
    pictures = _pictures(plan)
    return f"试销 {trial} 方、想法 {len(IDEAS)} 条、图片 {pictures} 张"


def _tax_and_attributes(plan: Plan) -> None:
    tax = save_tax_class(tax_class=TaxClass(code="FOOD", name="食品 13%"), by=plan.by, at=plan.now)
    day = plan.day - timedelta(days=700)
    set_tax_rate(tax_class_id=tax.id, starts_on=day, rate=Decimal("0.13"), by=plan.by, at=plan.now)
    Product.objects.update(tax_class=tax)
    category = Category.objects.order_by("code")[0]
    terms = [
        AttributeTerms("保质期", "number", "天"),
        AttributeTerms("包装", "choice", "", ["玻璃瓶", "塑料瓶", "袋"]),
    ]
    save_category(category=category, attributes=terms, by=plan.by, at=plan.now)
    attributes = list(category.attributes.order_by("position"))
    for product in Product.objects.filter(category=category).order_by("sku")[:10]:
        values = dict(zip([one.id for one in attributes], ("540", "玻璃瓶"), strict=True))
        set_attributes(product=product, values=values, by=plan.by, at=plan.now)


def _life_cycle(plan: Plan) -> None:
    category = Category.objects.order_by("code")[0]
    planned = Product(sku="LZ-NEW-01", name="岭珠薄盐生抽500ml", category=category, stage="development")
    add_product(product=planned, by=plan.by, at=plan.now)
    *_rest, old = Product.objects.filter(stage="active").order_by("sku")
    successor = Product.objects.filter(stage="active", category=old.category).exclude(id=old.id).first()
    at = plan.now - timedelta(days=20)
    sku = successor.sku if successor else ""
    given: dict[str, Any] = {"product_id": old.id, "by": plan.by, "successor_sku": sku}
    move_stage(stage="ending", reason="换新包装，老包装售完即止", at=at, **given)
    move_stage(stage="ended", reason="老包装已售完", at=plan.now, **given)
    for product in Product.objects.filter(stage="ending").order_by("sku")[:1]:
        product.successor = successor
        product.save(update_fields=["successor"])


def _portfolios(plan: Plan) -> None:
    terms: dict[str, Any] = {"by": plan.by, "at": plan.now}
    catering = save_portfolio(code="CY", name="餐饮产品组合", starts_on=plan.day, until=None, **terms)
    sold = list(Product.objects.filter(stage__in=("active", "ending")).order_by("sku"))
    add_products(portfolio_id=catering.id, products=sold[:-OUTSIDE_PORTFOLIO], **terms)
    next_year = plan.day.replace(month=1, day=1, year=plan.day.year + 1)
    market = save_portfolio(code="SC", name="商超明年组合", starts_on=next_year, until=None, **terms)
    add_products(portfolio_id=market.id, products=sold[::2], **terms)
    for portfolio, channel in ((catering, "CY"), (market, "SC")):
        if Channel.objects.filter(code=channel).exists():
            set_channels(portfolio_id=portfolio.id, codes=[channel], **terms)


def _trial(plan: Plan) -> int:
    product = Product.objects.filter(stage="trial").order_by("sku").first()
    parties = list(Party.objects.filter(kind=DEALER, is_active=True).order_by("code")[:3])
    parties += list(Party.objects.filter(kind=MEMBER, is_active=True).order_by("code")[:2])
    if product is None or not parties:
        return 0
    trial = open_trial(
        sku=product.sku,
        purpose="餐饮门店首月是否复购",
        starts_on=plan.day - timedelta(days=20),
        until=plan.day + timedelta(days=40),
        parties={party.code: 48 for party in parties},
        by=plan.by,
        at=plan.now - timedelta(days=20),
    )
    for number, party in enumerate(parties[1:4]):
        scores = {"quality": 5, "packaging": 4, "price": 3 + number % 2, "demand": 4}
        comment = ("后厨反映鲜度好，价格略高。", "两家店第二周就补了货。", "包装箱偏软，运输要加固。")[number]
        answer_trial(trial_id=trial.id, scores=scores, comment=comment, by=_owner(party), at=plan.now)
    return len(parties)


def _ideas(plan: Plan) -> None:
    partners = list(Party.objects.filter(kind__in=(DEALER, MEMBER), is_active=True).order_by("code")[:8])
    for number, (title, text) in enumerate(IDEAS):
        author = partners[number % len(partners)]
        idea = Idea.objects.create(
            party=author,
            title=title,
            text=text,
            submitted_at=plan.now - timedelta(days=9 - number),
            submitted_by=author.name,
        )
        voters = {author.id: author} | {one.id: one for one in partners[: 6 - 2 * number]}
        IdeaVote.objects.bulk_create([IdeaVote(idea=idea, party=one, at=plan.now) for one in voters.values()])
    declined = Idea.objects.get(title=IDEAS[-1][0])
    answer = "蘸料不在明年的产品规划内，已转给代工合作方。"
    decline_idea(idea_id=declined.id, answer=answer, by=plan.by, at=plan.now)


def _pictures(plan: Plan) -> int:
    products = list(Product.objects.filter(stage__in=("active", "trial")).order_by("sku")[:12])
    for number, product in enumerate(products):
        add_picture(product_id=product.id, content=_bottle(number), by=plan.by, at=plan.now)
    return len(products)


def _bottle(number: int) -> bytes:
    """Return a drawn bottle; each product has another label."""
    picture = Image.new("RGB", (600, 600), "white")
    draw = ImageDraw.Draw(picture)
    colour = COLOURS[number % len(COLOURS)]
    draw.rounded_rectangle((220, 190, 380, 560), 30, fill=colour)
    draw.rectangle((270, 90, 330, 200), fill=colour)
    draw.rectangle((262, 60, 338, 100), fill="#b3261e")
    draw.rectangle((220, 300, 380, 450), fill="#f6e9c9")
    draw.ellipse((265, 320 + 3 * number, 335, 390 + 3 * number), fill="#b3261e")
    stream = BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _owner(party: Party) -> Actor:
    return Actor(party_id=party.id, party_kind=party.kind, role="owner", label=party.name)
