"""Synchronisation in the national portal's field names: as the portal, as a node, and the one against the other."""

import io
import json
from contextlib import closing
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.api import actions, posting, tasks, tokens
from motcua.api.kinds import KINDS
from motcua.api.models import Client
from motcua.api.national import asking, client, telling
from motcua.api.national.portal import NationalPortal
from motcua.api.national.rows import stamped
from motcua.api.scopes import Scope
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.demo.people import BY_KEY
from motcua.documents.models import Document
from motcua.dossiers import actions as dossiers
from motcua.dossiers.events import ResultPosted
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.journal.actions import record
from motcua.journal.models import Entry
from motcua.procedures.loading import catalogue_files
from motcua.procedures.models import Version
from motcua.procedures.national import services
from motcua.tracking.models import Passage, Tracked
from tests import given
from tests.api.listening import Listening
from tests.api.test_dossiers import brought
from tests.procedures.samples import ON
from tests.procedures.test_national import SAMPLES

NOW = timezone.now() - timedelta(days=2)
CODE = "H38.03006-261116-0042"


class Province:
    """The system of a province that speaks to the portal."""

    def __init__(self, machine, *, agency="H38", scopes=(Scope.SYNC,), below=True):
        self.machine = machine(*scopes, agency=agency, below=below)
        self.session = tokens.issue(self.machine.client, scopes)

    def ask(self, service, *data, **more):
        content = {"session": self.session, "madonvi": SA_PA, "service": service, "data": list(data), **more}
        answer = Browser().post("/api/v1/national", json.dumps(content), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def codes(self, service, *data, **more):
        return [one["error_code"] for one in self.ask(service, *data, **more)["result"]]


@pytest.fixture
def province(machine):
    given.country()
    return Province(machine)


def row(**changes):
    return {
        "MaHoSo": CODE,
        "MaTTHC": given.COPY,
        "ChuHoSo": "Người nộp hồ sơ",
        "NgayTiepNhan": stamped(NOW),
        "NgayHenTra": stamped(NOW + timedelta(days=3)),
        "TrangThaiHoSo": "2",
        "HinhThuc": "1",
        "DonViXuLy": SA_PA,
    } | changes


def moved(state, hours, **changes):
    return {
        "MaHoSo": CODE,
        "TrangThai": state,
        "ThoiDiemXuLy": stamped(NOW + timedelta(hours=hours)),
    } | changes


def test_the_portal_takes_dossiers_and_their_progress_and_keeps_nothing_of_persons(province):
    assert province.ask("DongBoHoSoMC", row()) == {
        "error_code": "00",
        "message": "",
        "result": [{"error_code": "00", "message": "", "MaHoSo": CODE}],
    }
    assert province.codes("CapNhatTienDoHoSoMC", moved("4", 1), moved(9, 2), moved("10", 3)) == ["00"] * 3
    tracked = Tracked.objects.get()
    assert (tracked.code, tracked.agency, tracked.state, tracked.channel) == (CODE, SA_PA, 10, 2)
    assert [one.state for one in Passage.objects.order_by("at")] == [2, 4, 9, 10]
    found = province.ask("TraCuuHoSo", MaHoSo=CODE)["result"][0]
    assert (found["TrangThaiHoSo"], found["NgayTiepNhan"]) == ("10", stamped(NOW))
    assert "Người nộp hồ sơ" not in str(list(Entry.objects.values()))
    assert (
        Entry.objects.of("tracking.StateTaken").first().actor["urn"]
        == f"system:{province.machine.client.urn}"
    )


def test_what_is_sent_again_or_in_another_order_changes_nothing(province):
    rows = [
        row(),
        row(TrangThaiHoSo=5),
        row(TrangThaiHoSo=9, NgayKetThucXuLy=stamped(NOW + timedelta(hours=2))),
    ]
    for one in (*rows, *rows):
        assert province.codes("DongBoHoSoMC", one) == ["00"]
    before = list(Passage.objects.order_by("at").values_list("state", flat=True))
    assert (Tracked.objects.get().state, before.count(2), before.count(9)) == (5, 1, 1)
    many = [moved(4, 1), moved(4, 1)]
    assert province.codes("CapNhatTienDoHoSoMC", *many) == ["00", "00"]
    count = Passage.objects.count()
    province.ask("CapNhatTienDoHoSoMC", *many)
    assert Passage.objects.count() == count


def test_a_state_that_is_told_twice_is_entered_once_at_the_time_of_the_event(province):
    """As it stands, dated by when we were told; then as what happened, with its own time; in whichever order."""
    province.codes("DongBoHoSoMC", row(), row(TrangThaiHoSo=5))
    assert province.codes("CapNhatTienDoHoSoMC", moved(4, 1), moved(5, 3)) == ["00", "00"]
    province.codes("DongBoHoSoMC", row(TrangThaiHoSo=5))
    told = list(Passage.objects.order_by("at").values_list("state", "at"))
    assert told == [(state, when(hours)) for state, hours in ((2, 0), (4, 1), (5, 3))]
    tracked = Tracked.objects.get()
    assert (tracked.state, tracked.changed_at) == (5, when(3))
    province.codes("CapNhatTienDoHoSoMC", moved(4, 5))
    tracked.refresh_from_db()
    assert (tracked.state, Passage.objects.count()) == (4, 4)


def when(hours):
    return (NOW + timedelta(hours=hours)).replace(microsecond=0)


def test_a_row_that_does_not_hold_is_named_and_the_others_are_taken(province):
    other = CODE.replace("0042", "0043")
    answers = province.ask(
        "DongBoHoSoMC",
        row(),
        row(MaHoSo="mã gì đây"),
        row(MaHoSo=other, TrangThaiHoSo=11),
        row(MaHoSo=other, NgayTiepNhan="16/11/2026"),
        row(MaHoSo=other, NgayTiepNhan=""),
        row(MaHoSo=other, NgayTiepNhan=stamped(timezone.now() + timedelta(days=2))),
        row(MaHoSo=other, DonViXuLy="G15"),
        {"MaHoSo": {"not": "a code"}},
        row(MaHoSo=other, DonViXuLy="UBND phường Sa Pa"),
    )["result"]
    assert [one["error_code"] for one in answers] == ["00", *["03"] * 7, "00"]
    assert answers[2]["message"] == "TrangThaiHoSo: Ghi số không lớn hơn 10."
    assert set(Tracked.objects.values_list("code", "agency")) == {(CODE, SA_PA), (other, SA_PA)}
    unknown = province.ask(
        "CapNhatTienDoHoSoMC", moved(4, 1, MaHoSo="H38-261116-0001"), moved(4, 1, ThoiDiemXuLy="")
    )
    assert [one["error_code"] for one in unknown["result"]] == ["03", "03"]


def test_whether_a_dossier_is_new_must_be_told_as_it_is(province):
    assert province.codes("DongBoHoSoMC", row(), isUpdating="True") == ["04"]
    for _time in range(2):
        assert province.codes("DongBoHoSoMC", row(), isUpdating="False") == ["00"]
    assert province.codes("DongBoHoSoMC", row(TrangThaiHoSo=4), isUpdating="True") == ["00"]
    assert province.codes("DongBoHoSoMC", row(MaTTHC=given.BIRTH), isUpdating="False") == ["03"]
    assert (Tracked.objects.get().state, Tracked.objects.get().procedure) == (4, given.COPY)


def test_what_a_dossier_went_through_stands_in_its_row(db):
    dossier = given.dossier(at="accepted")
    by, was = given.officer("registrar"), dossier.due_at
    dossiers.request_supplement(dossier, by=by, reason="Chụp lại giấy chứng sinh.")
    (asked,) = told_of(dossier)["DanhSachHoSoBoSung"]
    assert asked["DanhSachGiayToBoSung"] == []
    more = {"paper": "birth_notice", "name": "moi.png", "media": "image/png", "size": 9, "digest": "1" * 64}
    dossiers.resume(dossier, by=given.SYSTEM, papers=[more], note="", sent_at=timezone.now())
    one = told_of(dossier)
    assert [paper["TenTepDinhKem"] for paper in one["DanhSachHoSoBoSung"][0]["DanhSachGiayToBoSung"]] == [
        "moi.png"
    ]
    assert one["SoBienNhan"] == Document.objects.get(about=dossier.urn, kind="receipt").number != ""
    assert one["ThongTinTra"] == ""
    (supplied,) = one["DanhSachHoSoBoSung"]
    assert (asked["NoiDungBoSung"], asked["NguoiYeuCauBoSung"]) == ("Chụp lại giấy chứng sinh.", by.name)
    assert (asked["TrangThaiBoSung"], asked["NgayTiepNhanBoSung"]) == ("0", "")
    assert (supplied["TrangThaiBoSung"], bool(supplied["NgayTiepNhanBoSung"])) == ("1", True)
    assert (supplied["NgayHenTraTruoc"], supplied["NgayHenTraMoi"]) == (stamped(was), stamped(dossier.due_at))
    assert (one["LoaiDoiTuong"], one["NgayTra"]) == ("1", "")
    # Signed on one day, fetched on another; of a business.
    signed = timezone.now() - timedelta(days=3)
    Dossier.objects.filter(pk=dossier.pk).update(
        state=State.DONE, ended_at=signed, applicant_number=given.BUSINESS, origin=SA_PA, contact={}
    )
    dossier.refresh_from_db()
    dossiers.hand_over(dossier, by=given.officer("receiver"))
    Document.objects.create(
        about=dossier.urn,
        agency=SA_PA,
        kind=Document.Kind.CERTIFIED,
        state=Document.State.SIGNED,
        title="Bản sao",
        code="ABCD",
        media="application/pdf",
        size=1,
        digest="0" * 64,
    )
    one = told_of(dossier)
    assert (one["LoaiDoiTuong"], one["NgayKetThucXuLy"]) == ("2", stamped(signed))
    assert one["NgayTra"] == stamped(Entry.objects.of("dossiers.ResultDelivered").get().at)
    assert [paper["MaThanhPhanHoSo"] for paper in one["DanhSachGiayToKetQua"]] == ["certified"]
    assert one["ThongTinTra"] == f"Đã trả kết quả: {dossier.applicant_name}"
    record(ResultPosted(dossier.code, "EA123456789VN"), about=dossier, by=by)
    assert told_of(dossier)["ThongTinTra"].endswith(": EA123456789VN")


def test_progress_names_the_post_and_the_days_of_the_step(db):
    dossier = given.dossier(at="registered")
    steps = {one.key: one for one in dossier.steps.all()}
    about = Entry.objects.about(dossier).order_by("pk")
    happened = [one for one in about if one.event in KINDS and "state" in one.facts]
    told = {
        one["NguoiXuLy"]: [one[name] for name in ("ChucDanh", "NgayBatDau", "NgayKetThucTheoQuyDinh")]
        for one in telling.progress(happened, {dossier.urn: dossier})
    }
    registrar = given.officer("registrar").name
    verified = next(one for one in steps.values() if one.by_name == registrar)
    post = BY_KEY["lam"].posts[0][2]
    assert told[registrar] == [post, stamped(verified.started_at), stamped(verified.due_at)]
    assert verified.due_at != dossier.due_at


def told_of(dossier):
    (found,) = telling.by_code([dossier.code]).values()
    (one,) = telling.dossiers([found])
    return one


def test_the_portal_knows_what_the_exchange_told_as_the_agency_does(db):
    """Received three hours after it was sent; signed, then fetched on another day."""
    dossier = given.dossier(at="signed")
    entered = Dossier.objects.get(pk=dossier.pk)
    long_ago, tracked = entered.accepted_at - timedelta(hours=3), Tracked.objects.get(code=dossier.code)
    Tracked.objects.update(first_at=long_ago)
    Passage.objects.filter(dossier=tracked.dossier, state=State.NEW).update(at=long_ago)
    Tracked.objects.update(changed_at=tracked.changed_at + timedelta(days=2))
    (one,) = asking.dossier(dossier.code)
    assert telling.differences(entered, one.model_extra) == []
    Passage.objects.create(dossier=tracked.dossier, state=State.ACCEPTED, step="", at=long_ago)
    (one,) = asking.dossier(dossier.code)
    assert [words[:13] for words in telling.differences(entered, one.model_extra)] == ["NgayTiepNhan:"]


def test_nobody_speaks_for_another(machine, province):
    assert province.ask("DongBoHoSoMC", row(), madonvi="G15")["error_code"] == "02"
    assert province.ask("DongBoHoSoMC", row(), session="nonsense")["error_code"] == "01"
    assert Province(machine, scopes=(Scope.TRACKING,)).ask("TraCuuHoSo", MaHoSo=CODE)["error_code"] == "01"
    province.ask("DongBoHoSoMC", row())
    stranger = Province(machine, agency=BAC_HA)
    assert stranger.codes("DongBoHoSoMC", row(TrangThaiHoSo=7), madonvi=BAC_HA) == ["03"]
    assert stranger.codes("CapNhatTienDoHoSoMC", moved(7, 1), madonvi=BAC_HA) == ["03"]
    assert Tracked.objects.get().state == 2
    actions.end(province.machine.client, by=given.SYSTEM)
    assert province.ask("TraCuuHoSo", MaHoSo=CODE)["error_code"] == "01"


def test_a_system_speaks_for_agencies_below_only_if_it_was_let_in_there(machine, province):
    alone = Province(machine, below=False)
    assert alone.ask("DongBoHoSoMC", row())["error_code"] == "02"
    assert alone.codes("DongBoHoSoMC", row(), madonvi="H38") == ["03"]
    own = row(MaHoSo="H38-261116-0001", DonViXuLy="H38")
    assert alone.codes("DongBoHoSoMC", own, madonvi="H38") == ["00"]
    assert province.codes("DongBoHoSoMC", row(), madonvi="H38") == ["00"]


def test_a_code_that_begins_with_another_agency_is_not_taken(province):
    own, older, foreign = f"{CODE[:-1]}3", "000.00.16.H38-261116-0001", "H40-261116-0001"
    codes = province.codes("DongBoHoSoMC", *(row(MaHoSo=code) for code in (own, older, foreign)))
    assert codes == ["00", "00", "03"]
    assert set(Tracked.objects.values_list("code", flat=True)) == {own, older}


def test_procedures_are_told_in_the_portal_s_words(province):
    given.procedure(given.COPY)
    listed = province.ask("LayDanhSachTTHC")["result"]
    assert [one["MATTHC"] for one in listed] == [given.COPY]
    one = province.ask("LayThuTuc", MaTTHC=given.COPY)["result"][0]
    assert {way["KENH"] for way in one["CACHTHUCTHUCHIEN"]} <= {"1", "2", "3"}
    assert one["CACHTHUCTHUCHIEN"][0]["PHILEPHI"][0]["SOTIEN"] == "8000"
    assert province.ask("LayThuTuc", MaTTHC="9.999999")["error_code"] == "04"
    assert province.ask("TraCuuHoSo", MaHoSo="H38-261116-0001")["error_code"] == "04"


def test_a_node_and_the_portal_understand_each_other(transactional_db, machine, live_server, settings):
    """The node's jobs speak over HTTP to the portal of another; here both are this one, under two names."""
    given.country()
    given.procedure(given.COPY)
    desk, knows = machine(*Scope), Province(machine).machine
    settings.KEYS.mkdir(parents=True, exist_ok=True)
    (settings.KEYS / "national-portal.key").write_text(knows.secret)
    portal = {"national_portal": f"{live_server.url}/api/v1", "national_portal_client": str(knows.client.pk)}
    settings.NODE = settings.NODE.model_copy(update={**portal, "agency": "H38"})
    line = brought(desk)
    accepted = desk.post(f"/dossiers/{line['id']}/accept", {}).json()
    assert Tracked.objects.filter(code=accepted["code"]).count() == 0
    happened = list(Entry.objects.order_by("pk"))
    actions.synchronise_later(happened, by=given.SYSTEM)
    job = ProcrastinateJob.objects.get(task_name="api.synchronise")
    tasks.synchronise(**job.args)
    tracked = Tracked.objects.get(code=accepted["code"])
    assert (tracked.state, tracked.agency, tracked.procedure) == (6, SA_PA, given.COPY)
    states = list(
        Passage.objects.filter(dossier=tracked.dossier)
        .order_by("at", "state")
        .values_list("state", flat=True)
    )
    tasks.synchronise(**job.args)
    assert Passage.objects.filter(dossier=tracked.dossier).count() == len(states)
    compare_with_what_the_portal_knows(accepted["code"])
    import_what_the_portal_offers(knows.client)
    refuse_what_another_handles(line, job)
    actions.end(knows.client, by=given.SYSTEM)
    with pytest.raises(posting.Failed):
        tasks.synchronise(**job.args)
    with pytest.raises(CommandError, match="HTTP 401"):
        said("procedures", "import", "--from-portal")


def compare_with_what_the_portal_knows(code):
    """TraCuuHoSo: the dossier stands there as here, until it moves on there."""
    assert said("api", "portal", code) == f"{code}  như ở đây\n"
    Tracked.objects.update(state=4)
    other = code[:-1] + "9"
    out = io.StringIO()
    with pytest.raises(CommandError, match="2"):
        call_command("api", "portal", code, other, stdout=out)
    assert out.getvalue() == f"{code}  TrangThaiHoSo: 6 ≠ 4\n{other}  ở đây không có\n"
    Tracked.objects.update(state=6)


def import_what_the_portal_offers(client):
    """LayDanhSachTTHC and LayThuTuc: what is told is read, even if it must be asked minute after minute."""
    said("procedures", "import", SAMPLES)
    before = Version.objects.count()
    read = "Đã đọc 3: hiểu hết 2, còn văn bản gốc 1 (cach_thuc_thuc_hien 1), lỗi 0."
    dry = said("procedures", "import", "--from-portal", "--dry-run")
    assert dry == f"{read} Ban hành 0, giữ nguyên 0, đã có tại đây 0.\n"
    assert Version.objects.count() == before
    first, again = (said("procedures", "import", "--from-portal") for _time in range(2))
    assert first == f"{read} Ban hành 2, giữ nguyên 0, đã có tại đây 1.\n"
    assert again == f"{read} Ban hành 0, giữ nguyên 2, đã có tại đây 1.\n"
    Client.objects.filter(pk=client.pk).update(per_minute=1)
    waited = []

    def pause(seconds):
        waited.append(seconds)
        Client.objects.filter(pk=client.pk).update(per_minute=600)

    assert len(NationalPortal(pause).codes()) == 3
    assert [0 < seconds <= 60 for seconds in waited] == [True]


def refuse_what_another_handles(line, job):
    """What the portal does not take stands in the dossier's story."""
    Tracked.objects.update(agency="G15")
    tasks.synchronise(**job.args)
    told = Entry.objects.about(Dossier.objects.get(pk=line["id"])).of("api.SynchronisationRefused")
    assert {one.facts["service"] for one in told} == {"DongBoHoSoMC", "CapNhatTienDoHoSoMC"}


def test_that_there_is_nothing_answers_a_question_and_takes_no_row(settings):
    """A portal that answers all that is sent with 04 has taken nothing: it is sent again."""
    with closing(Listening()) as portal:
        portal.said = json.dumps({"error_code": "04", "message": "Không có.", "result": []}).encode()
        settings.NODE = settings.NODE.model_copy(update={"national_portal": portal.url})
        assert client.ask("TraCuuHoSo", unit="H38", within="s", MaHoSo=CODE) == []
        for service in ("DongBoHoSoMC", "CapNhatTienDoHoSoMC"):
            with pytest.raises(posting.Failed, match="04 Không có"):
                client.send(service, [row()], unit="H38", within="s")


def said(*arguments):
    out = io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def test_procedures_are_read_as_they_were_told():
    """What one node offers, another that imports it shows: ways, terms, fees, papers of each case, results, bases."""
    for path in [*catalogue_files()][::5]:
        ours = given.definition(path.stem)
        told = asking.told(ours)
        read = services.read(told, ON)
        for name in ("code", "levels", "audience", "channels", "agency", "conditions", "process"):
            assert known(read, name) == known(ours, name), (ours.code, name)
        assert {one.code for one in read.results} == {one.code for one in ours.results}
        assert {one.number for one in read.legal_basis} == {one.number for one in ours.legal_basis}
        cases = [None] if len(ours.cases) < 2 else [one.id for one in ours.cases]
        for number, case in enumerate(cases, start=1):
            asked = {one.id for one in ours.papers_for(case or (ours.cases[0].id if ours.cases else None))}
            assert {one.id for one in read.papers_for(f"case_{number}" if case else None)} == asked, ours.code
        for channel in ours.channels:
            assert priced(read, channel) == priced(ours, channel), (ours.code, channel)
        assert asking.told(read) == asking.told(services.read(asking.told(read), ON))


def known(definition, name):
    found = getattr(definition, name)
    return found.who if name == "audience" else found.vi if hasattr(found, "vi") and found else found


def priced(definition, channel):
    """The numbers of all lines of a way of filing."""
    terms = {(one.value, one.unit) for one in definition.terms if channel in (one.channels or [channel])}
    fees = {one.amount for one in definition.fees if channel in (one.channels or [channel])}
    return terms, fees


def test_without_a_portal_nothing_is_asked_or_said(db):
    for command in (("procedures", "import", "--from-portal"), ("api", "portal", CODE)):
        with pytest.raises(CommandError, match="national_portal"):
            call_command(*command)


def test_without_a_portal_nothing_is_put_into_the_queue(desk):
    brought(desk)
    actions.synchronise_later(list(Entry.objects.order_by("pk")), by=given.SYSTEM)
    assert not ProcrastinateJob.objects.filter(task_name="api.synchronise").exists()
