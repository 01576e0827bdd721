"""Synchronisation in the national portal's field names: as the portal, as a node, and the one against the other."""

import json
from datetime import timedelta

import pytest
from django.test import Client as Browser
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.api import actions, posting, tasks, tokens
from motcua.api.national.rows import stamped
from motcua.api.scopes import Scope
from motcua.demo.nodes import BAC_HA, SA_PA
from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.tracking.models import Passage, Tracked
from tests import given
from tests.api.test_dossiers import brought

NOW = timezone.now() - timedelta(days=2)
CODE = "H38.03006-261116-0042"


class Province:
    """The system of a province that speaks to the portal."""

    def __init__(self, machine, *, agency="H38", scopes=(Scope.SYNC,)):
        self.machine = machine(*scopes, agency=agency)
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
    refuse_what_another_handles(line, job)
    actions.end(knows.client, by=given.SYSTEM)
    with pytest.raises(posting.Failed):
        tasks.synchronise(**job.args)


def refuse_what_another_handles(line, job):
    """What the portal does not take stands in the dossier's story."""
    Tracked.objects.update(agency="G15")
    tasks.synchronise(**job.args)
    told = Entry.objects.about(Dossier.objects.get(pk=line["id"])).of("api.SynchronisationRefused")
    assert {one.facts["service"] for one in told} == {"DongBoHoSoMC", "CapNhatTienDoHoSoMC"}


def test_without_a_portal_nothing_is_put_into_the_queue(desk):
    brought(desk)
    actions.synchronise_later(list(Entry.objects.order_by("pk")), by=given.SYSTEM)
    assert not ProcrastinateJob.objects.filter(task_name="api.synchronise").exists()
