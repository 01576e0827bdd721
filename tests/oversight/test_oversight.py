"""Auditors read timelines, everyone sees whether the journal is whole, operators see how other nodes answer."""

import dataclasses
import importlib
import pathlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from motcua.demo.people import PEOPLE
from motcua.exchange import sql
from motcua.exchange.directory import Directory, Node, NodeKey, signed
from motcua.exchange.ids import new_id
from motcua.exchange.models import DirectoryVersion, Incoming, Outgoing, Peer
from motcua.journal.actions import name_of, record
from motcua.journal.models import Entry, Head
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor, Grant
from motcua.lib.keys import FileKey
from motcua.oversight import actions, questions
from motcua.oversight.events import TimelineRead
from motcua.oversight.words import WORDS, said
from tests import given
from tests.sealed import seal_all

AUDITOR = Actor("person:1", "Lê Thị Gương", frozenset({Grant("auditor", settings.NODE.agency)}))
KEY_OF_AUDITOR = next(
    person.key
    for person in PEOPLE
    if any(post[:2] == (settings.NODE.agency, "auditor") for post in person.posts)
)
ELSEWHERE = Actor(
    "person:2", "Khác", frozenset({Grant("auditor", "G01"), Grant("administrator", settings.NODE.agency)})
)


def happened(about="lamp:1", entries=7):
    return record(TimelineRead(entries), about=about, by=Actor.system("tests"))


@pytest.fixture
def auditor(client, db):
    given.sign_in(client, KEY_OF_AUDITOR)
    return client


@pytest.fixture
def citizen(client, db):
    given.sign_in(client, "may")
    return client


@pytest.fixture
def administrator(client, db):
    given.sign_in(client, "thong")
    return client


def events():
    package = pathlib.Path(settings.PACKAGE)
    for path in sorted([*package.rglob("events.py"), *package.rglob("events/[a-z]*.py")]):
        module = importlib.import_module(
            "motcua." + ".".join(path.relative_to(settings.PACKAGE).with_suffix("").parts)
        )
        for thing in vars(module).values():
            if dataclasses.is_dataclass(thing) and thing.__module__ == module.__name__:
                yield name_of(thing)


def test_every_event_has_its_words_and_no_words_are_left_over():
    assert sorted(WORDS) == sorted(events())


def test_events_read_as_sentences_in_both_languages():
    with override("vi"):
        vietnamese = said("dossiers.ResultSigned")
    with override("en"):
        assert (said("dossiers.ResultSigned"), vietnamese) == ("The result was signed", "Đã ký kết quả")
    assert said("lamps.LampLit") == "lamps.LampLit"


@pytest.mark.django_db
def test_reading_a_timeline_is_recorded_in_the_same_timeline():
    first, second = happened(), happened()
    happened("lamp:2")
    assert actions.read_timeline("lamp:1", by=AUDITOR) == [first, second]
    trace = Entry.objects.about("lamp:1").last()
    assert (trace.event, trace.facts, trace.actor["urn"]) == (
        "oversight.TimelineRead",
        {"entries": 2},
        "person:1",
    )


@pytest.mark.django_db
def test_where_there_is_nothing_to_read_nothing_was_read():
    assert (actions.read_timeline("lamp:9", by=AUDITOR), Entry.objects.count()) == ([], 0)


@pytest.mark.django_db
@pytest.mark.parametrize("by", [ELSEWHERE, Actor("person:3"), Actor.system("tests")])
def test_only_this_node_s_auditors_read_and_verify(by):
    happened()
    for act in (
        lambda: actions.read_timeline("lamp:1", by=by),
        lambda: actions.verify(actions.JOURNAL, by=by),
    ):
        with pytest.raises(Refused):
            act()
    assert Entry.objects.count() == 1


def test_an_auditor_sees_the_timeline_in_words(auditor):
    happened()
    page = auditor.get("/oversight/timeline/?about=lamp:1").content.decode()
    assert ("Người kiểm tra đã xem diễn biến này" in page, "chưa niêm phong" in page) == (True, True)


@pytest.mark.django_db
def test_a_dossier_is_found_by_its_code(auditor):
    dossier = given.dossier(at="accepted")
    page = auditor.get("/oversight/timeline/", {"about": dossier.code.lower()}).content.decode()
    assert (dossier.urn in page, "Đã tiếp nhận hồ sơ; đồng hồ chạy" in page) == (True, True)


@pytest.mark.parametrize(
    "about", ["000196004821", "person:000196004821", "H38-261116-0001", "Trần Hạ Mây", "x" * 300]
)
def test_what_names_no_subject_is_refused_in_words(auditor, about):
    answer = auditor.get("/oversight/timeline/", {"about": about})
    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (422, True)


def test_personal_numbers_are_masked_in_facts():
    assert questions.shown("of 000196004821, twice") == "of 000••••••821, twice"
    assert questions.shown("5b1c4a3e-0000-4000-8000-000196004821") == "5b1c4a3e-0000-4000-8000-000196004821"


@pytest.mark.parametrize("path", ["timeline/", "timeline/?about=lamp:1"])
def test_a_citizen_sees_no_timeline(citizen, path):
    happened()
    assert (
        citizen.get(f"/oversight/{path}").status_code,
        Entry.objects.of("oversight.TimelineRead").count(),
    ) == (403, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["timeline/", "peers/"])
def test_who_is_not_signed_in_is_asked_to(client, path):
    answer = client.get(f"/oversight/{path}")
    assert (answer.status_code, answer["Location"].startswith(reverse("account_login"))) == (302, True)


@pytest.mark.parametrize("count", [30])
def test_a_long_timeline_costs_as_many_queries_as_a_short_one(auditor, count):
    def queries(about, entries):
        for _ in range(entries):
            happened(about)
        with CaptureQueriesContext(connection) as captured:
            auditor.get(f"/oversight/timeline/?about={about}")
        return len(captured)

    queries("lamp:0", 1)
    few = queries("lamp:1", 1)
    assert (queries("lamp:2", count), few <= 12) == (few, True)


def test_a_timeline_longer_than_a_page_goes_on(auditor):
    entries = [happened() for _ in range(51)]
    first = auditor.get("/oversight/timeline/?about=lamp:1").content.decode()
    assert f"?about=lamp%3A1&amp;after={entries[49].pk}" in first
    rest = auditor.get(f"/oversight/timeline/?about=lamp:1&after={entries[49].pk}")
    assert [line.number for line in rest.context["lines"]] == [entries[50].pk, entries[50].pk + 1]


@pytest.fixture
def key(node_home):
    key = FileKey.generate()
    key.save(node_home / "keys" / "node.pem")
    return key


@pytest.mark.django_db(transaction=True)
def test_anyone_sees_the_heads_and_an_auditor_verifies_them(client, key):
    assert "Chưa có mục nào được niêm phong." in client.get("/oversight/integrity/").content.decode()
    for _ in range(2):
        happened()
        seal_all(key)
    page = client.get("/oversight/integrity/").content.decode()
    assert ("Nhật ký chưa được kiểm tra tại đây" in page, key.key_id in page, "Kiểm tra 20 đầu" in page) == (
        True,
        True,
        False,
    )
    given.sign_in(client, KEY_OF_AUDITOR)
    seal_all(key)
    assert "Kiểm tra 20 đầu mới nhất" in client.get("/oversight/integrity/").content.decode()
    page = client.post("/oversight/integrity/verify/", follow=True).content.decode()
    assert "<h1>Không có gì bị sửa</h1>" in page
    entry = Entry.objects.of("oversight.JournalVerified").get()
    assert (entry.about, entry.facts["what"], entry.facts["heads"]) == (
        "journal:node",
        "",
        Head.objects.count(),
    )


@pytest.mark.django_db(transaction=True)
def test_a_broken_journal_is_shown_as_broken(client, key):
    given.sign_in(client, KEY_OF_AUDITOR)
    given.procedure()
    given.birth("000320004518")
    seal_all(key)
    with connection.cursor() as cursor:
        cursor.execute(
            "SET session_replication_role = replica; UPDATE journal_entry SET about = 'x' "
            "WHERE id = (SELECT entry_id FROM journal_seal WHERE place = 2); SET session_replication_role = origin"
        )
    page = client.post("/oversight/integrity/verify/", follow=True).content.decode()
    assert ("<h1>Nhật ký không còn nguyên vẹn</h1>" in page, "tại vị trí 2" in page) == (True, True)
    with override("en"):
        assert questions.integrity().verified.place == 2


def test_a_citizen_cannot_have_the_journal_verified(citizen):
    assert citizen.post("/oversight/integrity/verify/").status_code == 403


def heads(count, first=1):
    for number in range(first, first + count):
        Head.objects.create(
            number=number, first_place=number, size=1, root=bytes(32), previous=bytes(32), origin="test",
            at=timezone.now(), key_id="k", signature=bytes(64),
        )  # fmt: skip


@pytest.mark.django_db
def test_many_heads_cost_as_many_queries_as_one_and_are_paged(client):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get("/oversight/integrity/")
        return len(captured)

    heads(1)
    few = queries()
    heads(30, first=2)
    assert (queries(), few <= 12) == (few, True)
    assert [head.number for head in questions.integrity(12).heads] == list(range(11, 0, -1))
    assert questions.integrity().before == 12


def outgoing(**changes):
    now = timezone.now()
    facts = {
        "id": uuid4(), "leaf": 1, "kind": "dossier.state", "sender": "H38", "recipient": "G22", "stream": "",
        "seq": 0, "correlation": "", "created": now, "expires": now + timedelta(days=7), "give_up_at": now, "confirm": False,
        "state": "signed", "reason": "",
    }  # fmt: skip
    known = {field.name for field in Outgoing._meta.get_fields()}
    return Outgoing.objects.create(
        **{name: value for name, value in (facts | changes).items() if name in known}
    )


def test_an_operator_sees_who_answers_what_waits_and_what_died(administrator):
    Peer.objects.create(name="congan", agencies=["G01"], failures=3, last_error="connection refused")
    Peer.objects.create(name="tuphap", agencies=["G15"], last_ok=timezone.now())
    outgoing()
    dead = outgoing(state="dead", reason="expired", sender=given.SA_PA)
    foreign = outgoing(state="dead", reason="expired")
    page = administrator.get("/oversight/peers/").content.decode()
    assert ("không trả lời" in page, "đã thử 3 lần: connection refused" in page) == (True, True)
    assert ("Có việc cần xem" in page, f"/oversight/peers/{dead.pk}/replay/" in page) == (True, True)
    assert (f"/oversight/peers/{foreign.pk}/replay/" in page) is False
    assert administrator.post(f"/oversight/peers/{foreign.pk}/replay/").status_code == 403
    assert administrator.post(f"/oversight/peers/{dead.pk}/replay/").status_code == 302
    dead.refresh_from_db()
    assert dead.state == "signed"


def test_an_operator_returns_a_dead_letter(administrator):
    dead = outgoing(state="dead", reason="expired", sender=given.SA_PA)
    administrator.post(f"/oversight/peers/{dead.pk}/return/")
    dead.refresh_from_db()
    assert (dead.state, dead.reason) == ("returned", "expired")


def incoming(**changes):
    facts = {
        "message": uuid4(),
        "sender": "H38",
        "digest": bytes(32),
        "leaf": 1,
        "parcel": uuid4(),
        "kind": "dossier.state",
    }
    more = {"recipient": "G22", "stream": "", "seq": 0, "effect": "dead", "reason": "the printer is on fire"}
    return Incoming.objects.create(**(facts | more | changes))


def test_an_operator_decides_about_what_could_not_be_handled(administrator):
    stuck = incoming(recipient=given.SA_PA)
    at = f"/oversight/peers/{stuck.message}/H38/"
    page = administrator.get("/oversight/peers/").content.decode()
    assert ("the printer is on fire" in page, "Có việc cần xem" in page, f"{at}retry/" in page) == (
        True,
        True,
        True,
    )
    foreign = incoming()
    assert f"{foreign.message}" not in page
    assert administrator.post(f"/oversight/peers/{foreign.message}/H38/retry/").status_code == 403
    assert administrator.post(f"{at}burn/").status_code == 404
    administrator.post(f"{at}send-back/")
    stuck.refresh_from_db()
    assert stuck.effect == "dead"
    administrator.post(f"{at}send-back/", {"reason": "We cannot read it."})
    stuck.refresh_from_db()
    assert (stuck.effect, stuck.reason) == ("refused", "We cannot read it.")
    again = incoming(recipient=given.SA_PA)
    administrator.post(f"/oversight/peers/{again.message}/H38/retry/")
    again.refresh_from_db()
    assert again.effect == "pending"


def test_an_auditor_looks_at_nodes_but_decides_nothing(auditor):
    dead = outgoing(state="dead", reason="expired")
    page = auditor.get("/oversight/peers/").content.decode()
    assert ("expired" in page, "/replay/" in page) == (True, False)
    assert auditor.post(f"/oversight/peers/{dead.pk}/replay/").status_code == 403


def test_a_citizen_does_not_see_other_nodes(citizen):
    assert citizen.get("/oversight/peers/").status_code == 403


@pytest.fixture
def writing(db):
    """Somebody writes the log of the exchange."""
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKE_PEN)
        yield
        cursor.execute(sql.LAY_DOWN_PEN)


def test_a_silent_exchange_is_named(administrator):
    page = administrator.get("/oversight/peers/").content.decode()
    assert ("Có việc cần xem" in page, "Tiến trình trao đổi của nút này không ghi được sổ" in page) == (
        True,
        True,
    )


def test_an_operator_tests_the_way_and_an_auditor_looks(administrator, client, settings, node_home):
    root, key = FileKey.generate(), FileKey.generate()
    now = timezone.now()
    nodes = [
        Node(
            name=name,
            exchange_url=f"http://{name}",
            agencies=agencies,
            keys=[NodeKey(id=one.key_id, pem=one.public_pem, from_=now, to=now + timedelta(days=9))],
        )
        for name, agencies, one in [(settings.NODE.name, [settings.NODE.agency], key), ("xa", ["X1"], root)]
    ]
    days = {"issued": now, "expires": now + timedelta(days=9)}
    text = signed(Directory(instance="vn", version=7, nodes=nodes, **days), root)
    DirectoryVersion.objects.create(version=7, text=text)
    (node_home / "keys").mkdir()
    (node_home / "keys" / "root.pub").write_text(root.public_pem)
    page = administrator.get("/oversight/peers/").content.decode()
    assert ("Thử đường tới mọi nút" in page, "bản 7" in page, ">xa<" in page) == (True, True, True)
    assert administrator.post("/oversight/peers/test/", {"node": "nobody"}).url == "/oversight/peers/"
    started = administrator.post("/oversight/peers/test/", {"node": "xa"})
    page = administrator.get(started.url).content.decode()
    assert ("Đang thử" in page, "Xem lại" in page, ">xa<" in page) == (True, True, True)
    assert administrator.get(f"/oversight/peers/test/{uuid4()}/").status_code == 404
    given.sign_in(client, KEY_OF_AUDITOR)
    page = client.get(started.url).content.decode()
    assert (">xa<" in page, '/peers/test/"' in page) == (True, False)
    assert client.post("/oversight/peers/test/").status_code == 403
    given.sign_in(client, "may")
    assert client.get(started.url).status_code == 403


def test_a_quiet_country_is_quiet(administrator, writing):
    assert (
        "<h1>Mọi nút đều trả lời, không có gì kẹt</h1>"
        in administrator.get("/oversight/peers/").content.decode()
    )
    assert Incoming.objects.count() == 0


def test_many_nodes_cost_as_many_queries_as_one(administrator):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            administrator.get("/oversight/peers/")
        return len(captured)

    Peer.objects.create(name="p0", agencies=["G01"])
    outgoing(state="dead")
    few = queries()
    for n in range(1, 100):
        Peer.objects.create(name=f"p{n}", agencies=["G01"])
        outgoing(state="dead")
        outgoing(recipient=f"H{n}")
    assert (queries(), few <= 12) == (few, True)


def test_a_test_of_many_nodes_costs_as_many_queries_as_one_of_one(administrator):
    started = new_id()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(f"/oversight/peers/test/{started}/").status_code == 200
        return len(captured)

    def tried(recipient):
        outgoing(id=new_id(), kind="exchange.selftest", recipient=recipient, correlation=str(started))

    tried("H1")
    few = queries()
    for n in range(2, 101):
        tried(f"H{n}")
    assert (queries(), few <= 12) == (few, True)
