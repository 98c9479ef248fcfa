"""Create people for every role of every kind of party, territories, and a partner's API key."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.rights import DEALER, MANUFACTURER, MEMBER, ROLES, Actor
from dealers.models import Membership, Party, Region
from dealers.operations.territories import create_territory, grant_territory
from demo.operations.scenario import ONE_CLICK_PARTIES, Plan, Someone, read_world
from integrations.models import ApiKey
from integrations.operations.api_keys import issue_key

NAMES = {
    "director": "周岭",
    "region_manager": "梁海珊",
    "sales_rep": "黄志远",
    "finance": "苏静怡",
    "supervisor": "郑国辉",
    "account_manager": "叶佩琳",
    "warehouse": "罗建军",
    "owner": "陈鼎文",
    "purchaser": "何秀兰",
}
KEY_NAME = "演示 ERP"
SCOPES = (
    "order.view",
    "order.place",
    "price.view",
    "catalogue.view",
    "stock.view",
    "stock.edit",
    "rebate.view",
    "simulate",
)
TERRITORIES = {"GD": ("广东大区", ("44",)), "NB": ("周边大区", ("45", "43", "36", "35", "46"))}


def make_people(plan: Plan) -> str:
    world = read_world()
    houses: dict[str, list[Someone]] = {
        MANUFACTURER: [world.maker],
        DEALER: world.dealers[:ONE_CLICK_PARTIES],
        MEMBER: world.members[:ONE_CLICK_PARTIES],
    }
    users, memberships = [], []
    for kind, parties in houses.items():
        for at, party in enumerate(parties, 1):
            for role in ROLES[kind]:
                suffix = f"-{at}" if at > 1 else ""
                user = _user(f"demo-{kind}-{role}{suffix}", NAMES[role] + "二" * (at - 1))
                users.append(user)
                memberships.append(
                    Membership(
                        user=user, party_id=party.id, role=role, party_kind=kind, party_name=party.name
                    )
                )
    known = dict(
        User.objects.filter(username__in=[user.username for user in users]).values_list("username", "id")
    )
    User.objects.bulk_create([user for user in users if user.username not in known])
    for user, membership in zip(users, memberships, strict=True):
        membership.user_id = known.get(user.username, user.id)
    Membership.objects.bulk_create(memberships)
    _draw_territories(plan)
    return f"{len(memberships)} 人"


def issue_demo_key(*, by: Actor, at: datetime) -> str:
    """Issue the key of the first dealer's ERP and return it; "" if it was issued before."""
    if ApiKey.objects.filter(name=KEY_NAME).exists():
        return ""
    dealer = Party.objects.filter(kind=DEALER).order_by("code")[0]
    return issue_key(party=dealer, name=KEY_NAME, scopes=SCOPES, by=by, at=at).secret


def _user(username: str, name: str) -> User:
    """Return a user without a password, who can only sign in with one click."""
    user = User(username=username, first_name=name)
    user.set_unusable_password()
    return user


def _draw_territories(plan: Plan) -> None:
    for number, (code, (name, provinces)) in enumerate(TERRITORIES.items()):
        present = Region.objects.filter(code__in=provinces).values_list("code", flat=True)
        territory = create_territory(code=code, name=name, regions=list(present), by=plan.by, at=plan.now)
        if number == 0:
            for role in ("region_manager", "sales_rep"):
                user = User.objects.get(username=f"demo-{MANUFACTURER}-{role}")
                grant_territory(territory=territory, to=user, by=plan.by, at=plan.now)


def staff_actor(role: str) -> Actor:
    """Return the first person of the manufacturer in a role, as an actor."""
    one = Membership.objects.filter(party_kind=MANUFACTURER, role=role, is_active=True).select_related("user")
    found = one.earliest("created_at")
    return Actor(
        party_id=found.party_id,
        party_kind=found.party_kind,
        role=role,
        user_id=found.user_id,
        label=str(found.user),
    )
