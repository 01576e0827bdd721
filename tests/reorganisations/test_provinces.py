"""Two provinces merge: the plan is the nation's, carried out where the agencies are hosted, believed by whom the directory tells."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.demo.carrying import message_of
from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier
from motcua.exchange.directory import Directory, Node, Right, signed
from motcua.exchange.messages import Unfit
from motcua.exchange.models import DirectoryVersion, Outbox
from motcua.lib.actions import Invalid
from motcua.lib.actors import Actor
from motcua.lib.keys import FileKey
from motcua.organisations.heirs import Heir, answering
from motcua.organisations.models import Agency
from motcua.people.models import actor_of
from motcua.reorganisations import actions, reactions
from motcua.reorganisations.problems import problems
from motcua.reorganisations.scheme import Scheme
from motcua.reorganisations.trial import Trial
from tests import given
from tests.reorganisations.conftest import MACHINE

# Yên Bái goes into Lào Cai, as it did in 2025; its commune goes on under Lào Cai's code.
WAS, INTO, OLD, NEW = "H63", "H38", "H63.04252", "H38.04252"


def merger(*, province=True):
    ends = [{"code": WAS, "into": INTO, "posts": [{"roles": ["chair"], "ends": True}]}] if province else []
    return Scheme.from_content(
        {
            "title": "Nhập tỉnh Yên Bái vào tỉnh Lào Cai",
            "decision": "Nghị quyết 202/2025/QH15",
            "on": timezone.localdate().isoformat(),
            "kind": "dissolve",
            "old": [*ends, {"code": OLD, "into": NEW}],
            "new": [
                {
                    "code": NEW,
                    "name_vi": "Ủy ban nhân dân phường Yên Bái",
                    "short_name": "UBND phường Yên Bái",
                }
            ],
        }
    )


@pytest.fixture
def provinces(db, settings):
    """Both provinces on one node; in the second a commune with its officer and two dossiers, one of them received."""
    given.country()
    above = Agency.objects.get(code=INTO)
    for code, parent, name in ((WAS, None, "tỉnh Yên Bái"), (OLD, WAS, "phường Yên Bái")):
        named = {"name_vi": f"Ủy ban nhân dân {name}", "short_name": f"UBND {name}", "parent_id": parent}
        Agency.objects.create(code=code, level=code.count(".") + 1, valid_from=above.valid_from, **named)
    province = (INTO, given.SA_PA, given.BAC_HA, WAS, OLD, NEW)
    settings.NODE = settings.NODE.model_copy(update={"agency": INTO, "agencies": province})
    account = given.account("man")
    post = {"role": "receiver", "title_vi": "Một cửa", "title_en": "One-stop"}
    place = given.organisations.open_post(Agency.objects.get(code=OLD), by=given.SYSTEM, **post)
    given.people.appoint(place, by=given.SYSTEM, account=account, since=given.SINCE)
    version, now = given.procedure(), timezone.now()
    made = [
        Dossier(
            version=version,
            case="lien_thong",
            channel=2,
            agency=OLD,
            origin="G22",
            applicant_name="Lưu Thị Sim",
            applicant_number="000071002654",
            answers={**given.ANSWERS, "child_born_on": "2026-11-02"},
            sent_at=now,
            arrived_at=now + timedelta(minutes=minute),
        )
        for minute in range(2)
    ]
    for dossier in made:
        dossiers.arrive(dossier, by=Actor.system("dossiers"), papers=[])
    dossiers.accept(made[0], by=actor_of(account))
    return made


def directory(settings, *nodes):
    """The newest edition of the directory, signed by the root this node trusts."""
    root, now = FileKey.generate(), timezone.now()
    settings.KEYS.mkdir(exist_ok=True)
    (settings.KEYS / "root.pub").write_text(root.public_pem)
    hosts = [Node(name=name, exchange_url=f"http://{name}", keys=(), agencies=codes) for name, codes in nodes]
    rights = (Right(sender="H*", kind="agency.reorganised", recipient="*"),)
    times = {"issued": now, "expires": now + timedelta(days=30)}
    one = Directory(instance="vn", version=1, nodes=tuple(hosts), rights=rights, **times)
    DirectoryVersion.objects.create(version=1, text=signed(one, root))


def test_two_provinces_on_one_node_become_one_by_a_plan_of_the_nation(provinces, settings, monkeypatch):
    scheme, received = merger(), provinces[0]
    directory(settings, ("laocai", settings.NODE.agencies), ("vpcp", ("G22",)))
    assert [one for one in problems(Trial(scheme)) if one.blocks] == []
    assert Trial(scheme).counts == {(OLD, NEW): 2}
    plan = actions.write(Agency.objects.get(code="G22"), by=given.actor("soan"), scheme=scheme)
    with pytest.raises(Invalid):
        actions.write(Agency.objects.get(code=INTO), by=given.actor("xep"), scheme=scheme)
    actions.authorise(plan, by=given.actor("duyet"))
    actions.carry_out(plan, by=MACHINE)
    plan.refresh_from_db()
    code = received.code
    received.refresh_from_db()
    assert (plan.state, received.agency, received.former_agencies, received.code) == (
        "done",
        NEW,
        [OLD],
        code,
    )
    # Old codes go on: whoever is sent to them reaches those who follow, and the officer holds the new post.
    assert (answering(OLD), answering(WAS), Agency.objects.get(code=WAS).successor_id) == (NEW, INTO, INTO)
    assert actor_of(given.account("man")).holds("receiver", at=OLD)
    # The other node is told by the province the plan was carried out at, and believes it for the directory says who it hosts.
    (row,) = Outbox.objects.filter(kind="agency.reorganised")
    told = message_of(row)
    assert (told.sender, told.recipient) == (INTO, "G22")
    forgetful(settings)
    reactions.take_reorganisation(told)
    assert (answering(OLD), Agency.objects.get(code=NEW).name_vi) == (NEW, "Ủy ban nhân dân phường Yên Bái")


def forgetful(settings):
    """As at the nation's node, which has not heard of it."""
    settings.NODE = settings.NODE.model_copy(update={"agency": "G22", "agencies": ("G22",)})
    Heir.objects.all().delete()
    Agency.objects.filter(code__in=(WAS, OLD)).update(valid_to=None, successor=None)


def test_a_province_on_two_nodes_gives_its_communes_new_codes_where_they_are_and_ends_when_its_desk_is_clear(
    provinces, settings
):
    """The second node goes on under Lào Cai: its communes change codes there; the old province ends once nothing lies there."""
    settings.NODE = settings.NODE.model_copy(update={"agency": WAS, "agencies": (WAS, OLD, NEW)})
    directory(settings, ("laocai", (INTO,)), ("yenbai", (WAS, OLD, NEW)), ("vpcp", ("G22",)))
    Dossier.objects.filter(pk=provinces[1].pk).update(agency=WAS)
    blocked = [(one.where, one.says) for one in problems(Trial(merger())) if one.blocks]
    assert [(where, "chỉ tiếp nối được khi không còn hồ sơ" in says) for where, says in blocked] == [
        (INTO, True)
    ]
    for scheme, moved in ((merger(province=False), {f"{OLD} {NEW}": 1}), (last(), {})):
        plan = actions.write(Agency.objects.get(code="G22"), by=given.actor("soan"), scheme=scheme)
        actions.authorise(plan, by=given.actor("duyet"))
        actions.carry_out(plan, by=MACHINE)
        plan.refresh_from_db()
        assert (plan.state, plan.report.get("dossiers", {})) == ("done", moved)
        Dossier.objects.filter(agency=WAS).update(state=Dossier.State.RETURNED)
    assert (answering(OLD), answering(WAS)) == (NEW, INTO)
    tellers = {row.sender for row in Outbox.objects.filter(kind="agency.reorganised")}
    assert tellers == {WAS}


def last():
    """The old province ends, with nothing left to go anywhere."""
    content = {**merger().as_content(), "new": []}
    return Scheme.from_content({**content, "old": [content["old"][0]]})


def test_nobody_says_who_follows_a_province_it_does_not_host(provinces, settings):
    directory(settings, ("laocai", (INTO, NEW)), ("yenbai", (WAS, OLD)), ("vpcp", ("G22",)))
    body = json.dumps({"plan": "x", "scheme": merger().as_content()}).encode()
    template = {
        "kind": "agency.reorganised",
        "recipient": "G22",
        "stream": "",
        "correlation": "",
        "attachments": [],
    }
    for sender in (INTO, WAS, "G15"):
        with pytest.raises(Unfit):
            reactions.take_reorganisation(message_of(Outbox(body=body, sender=sender, **template)))
    assert Agency.objects.get(code=WAS).valid_to is None
