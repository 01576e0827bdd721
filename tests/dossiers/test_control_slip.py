"""Form 06: through whose hands a dossier went, from its steps."""

import re

import pytest

from motcua.dossiers import actions
from motcua.dossiers.control import control_slip
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from tests import given
from tests.desk.conftest import accepted, to_sign  # noqa: F401 — one that waits for the signature
from tests.documents import reading

pytestmark = pytest.mark.django_db


def test_the_slip_names_who_gave_and_who_took_in_order():
    slip = control_slip(given.dossier(at="registered"))
    found = [(line.giver, line.taker, line.result) for line in slip.hand_overs]
    assert found[:3] == [
        ("Trần Hạ Mây", "Phạm Thu Sương", found[0][2]),
        ("Phạm Thu Sương", "Đỗ Minh Lâm", found[1][2]),
        ("Đỗ Minh Lâm", "Bộ Tư pháp", found[2][2]),
    ]
    assert {line.result for line in slip.hand_overs if line.at} <= {"", "Trước hạn", "Đúng hạn", "Quá hạn"}
    assert slip.partners == ("Bảo hiểm xã hội Việt Nam", "Bộ Công an", "Bộ Tư pháp")


def test_every_time_a_step_was_done_stays_on_the_slip_with_who_sent_it_back(to_sign):  # noqa: F811
    chair, registrar = given.officer("chair"), given.officer("registrar")
    actions.return_to_examiner(to_sign, by=chair, reason="Nêu rõ căn cứ.")
    actions.propose(to_sign, by=registrar, opinion="Đã nêu rõ.")
    lines = control_slip(to_sign).hand_overs
    found = [(line.giver, line.taker) for line in lines if line.taker not in {"", "Hệ thống"}]
    assert found == [
        ("Trần Hạ Mây", "Phạm Thu Sương"),
        ("Phạm Thu Sương", registrar.name),
        (registrar.name, "Bộ Tư pháp"),
        ("Bộ Tư pháp", "Bộ Công an"),
        ("Bộ Tư pháp", "Bảo hiểm xã hội Việt Nam"),
        (found[5][0], chair.name),
        (chair.name, registrar.name),
        (registrar.name, "Chủ tịch Ủy ban nhân dân"),
    ]
    assert {one for pair in found for one in pair}.isdisjoint({"dossiers"})


def test_whoever_may_read_the_dossier_prints_the_slip(client):
    dossier = given.dossier(at="accepted")
    given.sign_in(client, "lam")
    answer = client.get(f"/desk/dossiers/{dossier.pk}/control-slip/")
    said = reading.text(answer.content)
    assert reading.media_box(answer.content) == [0, 0, 148, 210]
    assert [said.count(words) for words in (dossier.code, "PhạmThuSương", "……/PKS")] == [1, 2, 1]


def test_the_slip_of_any_dossier_has_one_number_of_the_agencys_year(client):
    given.sign_in(client, "lam")
    dossiers = [given.dossier(), given.dossier(at="accepted"), given.dossier("suoi")]
    actions.refuse(dossiers[2], by=given.officer("receiver"), reason="Không thuộc thẩm quyền.")
    said = [
        reading.text(client.post(f"/desk/dossiers/{one.pk}/control-slip/").content)
        for one in (*dossiers, dossiers[0])
    ]
    assert [re.findall(r"Số:(\d+)/PKS-BPTNTKQ", words) for words in said] == [["1"], ["2"], ["3"], ["1"]]
    assert Entry.objects.of("dossiers.SlipNumbered").count() == 3
    given.sign_in(client, "man")
    assert client.post(f"/desk/dossiers/{dossiers[0].pk}/control-slip/").status_code == 404
    with pytest.raises(Refused):
        actions.number_slip(dossiers[0], by=given.actor("man"))


def test_agencies_that_were_asked_stand_on_the_slip():
    dossier = given.dossier(at="accepted")
    actions.consult(
        dossier,
        by=given.officer("registrar"),
        agencies=[given.agency(given.BAC_HA)],
        question="?",
        papers=[],
        days=5,
        one_is_enough=False,
    )
    assert given.called(given.BAC_HA) in control_slip(dossier).partners
