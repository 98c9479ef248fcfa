"""Create applications in every state, and authorisations that are valid, expired and revoked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from stdnum.cn import uscc

from alliance.domain.qualification import CHECKS, CRITERIA, MAX_POINTS
from alliance.models import Application, Authorisation
from alliance.operations import reviewing
from alliance.operations.application_files import SentFile
from alliance.operations.applying import FilledForm, answer_question, applicant, apply
from alliance.operations.authorising import apply_revocation, issue_authorisation
from catalogue.models import Category
from dealers.models import Channel, Party
from demo.operations.names import MAKER
from demo.operations.scenario import Plan, moment
from tenancy.context import joined_transaction

COMPANIES = (
    ("member", "惠城老陈粮油批发部", "陈志强", "麦地路86号", 140, 3, 420),
    ("member", "江北合兴食品商行", "黄秀兰", "江北文昌一路12号", 90, 2, 260),
    ("member", "河南岸福满调味品经营部", "李国辉", "河南岸斑樟湖路31号", 60, 1, 150),
    ("member", "水口万家百货商行", "吴桂芳", "水口龙湖大道207号", 210, 5, 800),
    ("dealer", "东江供应链（惠州）有限公司", "赵明远", "仲恺大道118号", 1800, 26, 6200),
    ("member", "小金口顺达商贸", "罗永明", "小金口金源路9号", 45, 1, 90),
    ("dealer", "粤东鼎新商贸有限公司", "郑海涛", "惠民大道52号", 950, 14, 3100),
    ("member", "三栋惠民副食店", "何翠云", "三栋镇政府路3号", 20, 0, 40),
)
STATES = ("received", "received", "reviewing", "questioned", "reviewing", "refused", "accepted", "refused")
CONSENT = "我同意%(maker)s保存并使用我在此填写的内容（包括个人信息），仅用于审核本申请和与我联系。"
REGION = "441302"
AUTHORISED, EXPIRED_EVERY, REVOKED_EVERY = 6, 4, 6
DIVERSION = "经核查向授权区域外供货，情节严重"


def make_recruitment(plan: Plan) -> str:
    """Create the applications and authorisations; return what was made, in words."""
    rng = plan.chance("recruitment")
    with joined_transaction():
        for number, (company, state) in enumerate(zip(COMPANIES, STATES, strict=True)):
            _application(plan, rng, number, company, state)
        _authorisations(plan)
    return f"{Application.objects.count()} applications, {Authorisation.objects.count()} authorisations"


def _application(plan: Plan, rng: Random, number: int, company: tuple[Any, ...], state: str) -> None:
    kind, name, contact, address, outlets, vehicles, warehouse = company
    at = moment(plan.day - timedelta(days=3 + 4 * number), time(9 + number))
    channels = tuple(Channel.objects.order_by("code").values_list("name", flat=True)[:2])
    base = f"91441302MA5{rng.randrange(10**6):06d}"
    made, _is_new = apply(
        form=FilledForm(
            kind=kind,
            company=name,
            uscc=base + uscc.calc_check_digit(base),
            contact=contact,
            phone=f"138{rng.randrange(10**8):08d}",
            address=address,
            region=REGION,
            outlets=outlets,
            vehicles=vehicles,
            warehouse=warehouse,
            consent=CONSENT % {"maker": MAKER},
            channels=channels,
            licences=f"JY1441302{rng.randrange(10**7):07d}",
        ),
        files=[SentFile("营业执照.png", _licence(name))],
        token=f"demo-{number}",
        by=applicant(name),
        at=at,
    )
    _review(plan, made, rng, state, at)


def _review(plan: Plan, made: Application, rng: Random, state: str, at: datetime) -> None:
    if state == "received":
        return
    by, later = plan.by, iter(at + timedelta(hours=5 * n) for n in range(1, 9))
    reviewing.begin_review(application_id=made.id, by=by, at=next(later))
    reviewing.comment(application_id=made.id, text="熟悉当地餐饮渠道，配送口碑不错。", by=by, at=next(later))
    question = reviewing.ask_back(
        application_id=made.id, text="请补充供货终端名单和冷库照片。", by=by, at=next(later)
    )
    if state == "questioned":
        return
    answer_question(
        token=question.token,
        text="名单已附，仓库为常温库。",
        files=[],
        by=applicant(made.company),
        at=next(later),
    )
    noted_at = next(later)
    reviewing.note_visit(
        application_id=made.id,
        on=(noted_at - timedelta(days=1)).date(),
        text="仓库整洁，车辆与申请一致。",
        by=by,
        at=noted_at,
    )
    reviewing.qualify(
        application_id=made.id,
        checklist=dict.fromkeys(CHECKS, True) | ({} if state == "accepted" else {"credit_record": False}),
        points={name: rng.randrange(2, MAX_POINTS + 1) for name in CRITERIA},
        by=by,
        at=next(later),
    )
    if state == "refused":
        reviewing.refuse(application_id=made.id, reason="被列为失信被执行人。", by=by, at=next(later))
    elif state == "accepted":
        reviewing.accept(application_id=made.id, code="D-NEW", supplier_id=None, by=by, at=next(later))


def _authorisations(plan: Plan) -> None:
    by, goods = plan.by, list(Category.objects.order_by("code").values_list("code", flat=True)[:3])
    located = Party.objects.filter(region__isnull=False, is_active=True).order_by("code")
    partners = [
        *located.filter(kind=Party.Kind.DEALER)[:AUTHORISED],
        *located.filter(kind=Party.Kind.MEMBER)[:AUTHORISED],
    ]
    for number, party in enumerate(partners):
        is_expired = number % EXPIRED_EVERY == EXPIRED_EVERY - 1
        starts_on = plan.day - timedelta(days=400 if is_expired else 120)
        made = issue_authorisation(
            party_id=party.id,
            regions=[party.region_id],
            categories=goods,
            starts_on=starts_on,
            until=starts_on + timedelta(days=365),
            by=by,
            at=moment(starts_on, time(10)),
        )
        if number % REVOKED_EVERY == REVOKED_EVERY - 1:
            values = {"authorisation_id": str(made.id), "reason": DIVERSION}
            apply_revocation(values, by=by, at=moment(plan.day - timedelta(days=9), time(15)))


def _licence(name: str) -> bytes:
    """Return a picture that stands for a licence; it names nobody's real one."""
    picture = Image.new("RGB", (640, 420), "#fdf6e3")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 627, 407), outline="#b58900", width=6)
    draw.text((40, 40), f"SPECIMEN {len(name)}", fill="#586e75")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
