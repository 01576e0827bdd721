"""The readiness check: a verdict from what a procedure asks, with every reason and its remedy."""

import csv
import io
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from motcua.journal.models import Entry
from motcua.lib.actors import Actor
from motcua.procedures import importing
from motcua.procedures.actions import judge_again, publish, take_over
from motcua.procedures.loading import catalogue_files, load
from motcua.procedures.models import Version
from motcua.procedures.national.records import read
from motcua.procedures.readiness import Facilities, Hindrance, judged
from motcua.procedures.schema import Definition
from motcua.procedures.vocabulary import OnlineKind
from motcua.procedures.words import HINDRANCES, VERDICTS
from tests.procedures.samples import ON, portal, written

SYSTEM = Actor.system("tests")
DATA = Path(__file__).parents[3] / "shared" / "data" / "procedures.jsonl.xz"


def bent(tmp_path, **changes) -> Definition:
    sample = load(written(tmp_path)).as_content()
    sample["results"] = [sample["results"][0] | {"template": "certificate"}]
    return Definition.from_content(sample | changes)


def hindrances(definition, **facilities):
    return judged(definition, Facilities(**facilities)).hindrances


def test_what_asks_for_nothing_but_answers_is_fully_online(tmp_path):
    judgement = judged(bent(tmp_path))
    assert (judgement.verdict, judgement.reasons, judgement.is_sure) == (OnlineKind.FULL, (), True)


def paper(name, **more):
    return {"papers": [{"id": "p", "name": {"vi": name}} | more]}


@pytest.mark.parametrize(
    ("changes", "found", "verdict"),
    [
        ({"channels": ["direct"]}, ["no_channel"], "none"),
        ({"form": []}, ["no_form"], "none"),
        ({"conditions": {"vi": "Hai bên nam, nữ phải có mặt."}}, ["presence"], "partial"),
        ({"conditions": {"vi": "Cơ quan kiểm tra thực tế cơ sở."}}, ["site"], "partial"),
        (paper("Bản sao Giấy phép có chứng thực"), ["certified"], "partial"),
        (paper("Quyết định bổ nhiệm công chứng viên"), [], "full"),
        (paper("Xuất trình thẻ căn cước"), ["original"], "partial"),
        (paper("Bản chính để đối chiếu hoặc bản sao điện tử"), [], "full"),
        (paper("Giấy khai sinh của trẻ"), ["register"], "full"),
        (paper("Giấy tờ chứng minh chỗ ở hợp pháp"), ["register"], "full"),
        (paper("Giấy khai sinh của trẻ", required=False), [], "full"),
        (paper("Giấy khai sinh của trẻ", unnecessary_if="civil.birth"), [], "full"),
        (paper("Giấy khai sinh của trẻ", upload=False), [], "full"),
        (paper("Giấy khai sinh do cơ quan nước ngoài cấp"), [], "full"),
        (paper("Tờ khai theo mẫu số 1"), ["paper_form"], "full"),
        ({"fees": [{"raw": "Theo quyết định của tỉnh"}]}, ["fee_unknown"], "partial"),
        ({"fees": [{"amount": 0, "channels": ["online"]}, {"raw": "?", "channels": ["post"]}]}, [], "full"),
        ({"terms": [{"raw": "3"}]}, ["no_term"], "full"),
        ({"results": [{"code": "K", "name": {"vi": "Thẻ"}}]}, ["paper_result"], "partial"),
    ],
)
def test_each_hindrance_is_found_and_weighed(tmp_path, changes, found, verdict):
    judgement = judged(bent(tmp_path, **changes))
    assert (judgement.hindrances, judgement.verdict) == (found, verdict)


def test_a_fee_can_be_paid_only_where_payment_is_taken(tmp_path):
    costs = bent(tmp_path, fees=[{"amount": 50000}])
    assert hindrances(costs, takes_payment=True) == []
    assert hindrances(costs, takes_payment=False) == ["no_payment"]


@pytest.mark.parametrize(
    ("changes", "takes_payment"),
    [
        ({}, False),
        ({"bank_account": "970499 0000000000019 KHO BAC THU"}, True),
        ({"gateway_url": "https://cong.invalid/"}, True),
        ({"agencies": ("G22",)}, True),
        ({"agencies": ("G22",), "contexts": ("portal", "desk")}, False),
        ({"agencies": ("G22", "H38")}, False),
    ],
)
def test_the_nodes_settings_say_whether_payment_is_taken(settings, changes, takes_payment):
    """A portal that only shows and tracks the services of others does not judge them by its own account."""
    settings.NODE = settings.NODE.model_copy(update=changes)
    assert Facilities.here().takes_payment is takes_payment


@pytest.mark.django_db
def test_once_the_node_takes_payment_or_no_longer_its_verdicts_follow(tmp_path, settings):
    publish(bent(tmp_path, fees=[{"amount": 50000}]), by=SYSTEM)
    take_over([portal("9.000002", "Bay qua tỉnh")], by=SYSTEM)
    plain, counted, found = settings.NODE, [], []
    for account in ("", "970499 0000000000019 KHO BAC THU", ""):
        settings.NODE = plain.model_copy(update={"bank_account": account})
        for _twice in range(2):
            otherwise = Version.objects.judged_otherwise(Facilities.here()).select_related("procedure")
            counted.append(judge_again(list(otherwise), by=SYSTEM))
        ours = Version.objects.coded("9.000001").get()
        found.append((ours.readiness, ours.hindrances, ours.judgement.verdict))
    unpaid = ("partial", ["no_payment"], OnlineKind.PARTIAL)
    assert found == [unpaid, ("full", [], OnlineKind.FULL), unpaid]
    assert counted == [0, 0, 1, 0, 1, 0]
    assert Entry.objects.filter(event="procedures.ProceduresJudged").count() == 2


def test_too_many_questions_are_a_burden(tmp_path):
    fields = [{"id": f"q{n}", "label": {"vi": f"Câu {n}"}, "type": "text"} for n in range(31)]
    form = [{"id": "g", "title": {"vi": "Hỏi"}, "fields": fields}]
    assert hindrances(bent(tmp_path, form=form)) == ["questions"]


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ([{"value": 3, "unit": "working_days"}], 5),
        ([{"value": 20, "unit": "hours"}, {"unit": "at_once"}], 4),
        ([{"value": 2, "unit": "months", "channels": ["direct"]}, {"value": 9, "unit": "days"}], 9),
        ([{"value": 2, "unit": "months", "channels": ["direct"]}, {"raw": "?"}], 60),
        ([{"unit": "at_once"}], 1),
        ([{"raw": "3"}], None),
        ([], None),
    ],
)
@pytest.mark.django_db
def test_how_long_it_may_take_is_compared_in_days(tmp_path, terms, days):
    """Also by the statement that read what was published before the days stood beside it."""
    version = publish(bent(tmp_path, terms=terms), by=SYSTEM)
    fill = import_module("motcua.procedures.migrations.0002_how_long_it_may_take").FILL
    Version.objects.update(term_days=None)
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert (version.term_days, Version.objects.get().term_days) == (days, days)


@pytest.mark.parametrize(
    ("channels", "is_online"), [(["online", "direct"], True), (["direct", "post"], False), ([], False)]
)
@pytest.mark.django_db
def test_what_can_be_filed_online_stands_beside_what_was_published(tmp_path, channels, is_online):
    """Also by the statement that read what was published before."""
    version = publish(bent(tmp_path, channels=channels), by=SYSTEM)
    fill = import_module("motcua.procedures.migrations.0003_filed_online").FILL
    Version.objects.update(is_online=False)
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert (version.is_online, Version.objects.get().is_online) == (is_online, is_online)
    Version.objects.update(is_online=False, content=version.content | {"steps": []})
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert not Version.objects.get().is_online


def test_every_reason_says_what_to_change(tmp_path):
    bad = bent(
        tmp_path, channels=["direct"], terms=[{"raw": "3"}], **paper("Bản sao Hộ chiếu được chứng thực")
    )
    for reason in judged(bad).reasons:
        assert reason.says
        assert reason.change
    [certified] = [reason for reason in judged(bad).reasons if reason.hindrance is Hindrance.CERTIFIED]
    assert certified.where == "Bản sao Hộ chiếu được chứng thực"


def test_a_certified_copy_of_what_a_register_holds_is_to_be_read_there(tmp_path, english):
    [reason] = judged(bent(tmp_path, **paper("Bản sao Giấy khai sinh có chứng thực"))).reasons
    assert reason.change == "Read it from the Electronic Civil Status Database instead."


def test_how_many_questions_are_too_many_is_the_node_s_to_say(tmp_path, settings):
    form = [{"id": "p", "title": {"vi": "Trang"}, "fields": [
        {"id": f"q{number}", "label": {"vi": f"Câu {number}"}, "type": "text"} for number in range(12)
    ]}]  # fmt: skip
    asked = bent(tmp_path, form=form)
    for most, is_said in ((30, False), (12, False), (11, True)):
        settings.NODE = settings.NODE.model_copy(update={"form_questions": most})
        assert (Hindrance.QUESTIONS in hindrances(asked)) == is_said


def test_a_promise_too_great_is_noticed(tmp_path):
    assert judged(bent(tmp_path, channels=["direct"])).claims_too_much
    honest = {"kind": "partial", "reason": {"vi": "Phải có mặt.", "en": "Come."}}
    assert not judged(bent(tmp_path, online=honest)).claims_too_much


def test_every_hindrance_and_verdict_has_words():
    assert set(HINDRANCES) == set(Hindrance)
    assert set(VERDICTS) == set(OnlineKind)


def test_what_our_own_procedures_promise_too_much_is_known():
    """The check is of use: it finds what we ourselves had overlooked; who mends one takes it out here."""
    found = {path.stem for path in catalogue_files() if judged(load(path)).claims_too_much}
    assert found == {"1.001456", "1.004222", "1.004873", "1.013080", "3.000333", "3.000347"}


@pytest.mark.skipif(not DATA.exists(), reason="the portal's records are not here")
def test_all_records_of_the_national_portal_are_judged():
    import json

    with importing.opened(DATA) as lines:
        judgements = [judged(read(json.loads(line), ON)) for line in lines]
    assert len(judgements) == 610
    assert sum(judgement.is_sure for judgement in judgements) == 402
    assert {judgement.verdict for judgement in judgements} == {"full", "partial", "none"}


@pytest.mark.django_db
def test_the_verdict_stands_beside_the_version(tmp_path):
    publish(bent(tmp_path, terms=[{"value": 3, "unit": "working_days"}], channels=["direct"]), by=SYSTEM)
    take_over([portal("9.000002", "Bay qua tỉnh", raw={"thanh_phan_ho_so": "?"})], by=SYSTEM)
    ours, theirs = Version.objects.order_by("procedure__code")
    assert (ours.readiness, ours.hindrances, ours.is_understood) == ("none", ["no_channel"], True)
    assert (theirs.readiness, theirs.is_understood) == ("none", False)
    assert list(Version.objects.claiming_too_much()) == [ours]


@pytest.mark.django_db
def test_the_command_counts_explains_and_exports(tmp_path, english):
    publish(bent(tmp_path, channels=["direct"]), by=SYSTEM)
    told = {}
    for arguments in ((), ("9.000001",), ("--csv",)):
        out = io.StringIO()
        call_command("procedures", "readiness", *arguments, stdout=out)
        told[arguments] = out.getvalue()
    assert "offered as fully online, but is not" in told[()]
    assert "It cannot be filed online." in told["9.000001",]
    rows = list(csv.DictReader(io.StringIO(told["--csv",])))
    assert [(row["code"], row["verdict"], row["reason"]) for row in rows] == [
        ("9.000001", "none", "no_channel")
    ]
