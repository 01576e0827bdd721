"""Form 06: through whose hands a dossier went, from its steps."""

import pytest

from motcua.dossiers import papers
from tests import given
from tests.documents import reading

pytestmark = pytest.mark.django_db


def test_the_slip_names_who_gave_and_who_took_in_order():
    slip = papers.control_slip(given.dossier(at="registered"))
    found = [(line.giver, line.taker, line.result) for line in slip.hand_overs]
    assert found[:3] == [
        ("Trần Hạ Mây", "Phạm Thu Sương", found[0][2]),
        ("Phạm Thu Sương", "Đỗ Minh Lâm", found[1][2]),
        ("Đỗ Minh Lâm", "Bộ Tư pháp", found[2][2]),
    ]
    assert {line.result for line in slip.hand_overs if line.at} <= {"", "Trước hạn", "Đúng hạn", "Quá hạn"}
    assert slip.partners == ("Bảo hiểm xã hội Việt Nam", "Bộ Công an", "Bộ Tư pháp")


def test_whoever_may_read_the_dossier_prints_the_slip(client):
    dossier = given.dossier(at="accepted")
    client.force_login(given.account("lam"))
    answer = client.get(f"/desk/dossiers/{dossier.pk}/control-slip/")
    said = reading.text(answer.content)
    assert reading.media_box(answer.content) == [0, 0, 148, 210]
    assert [said.count(words) for words in (dossier.code, "PhạmThuSương")] == [1, 2]
