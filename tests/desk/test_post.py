"""Results by post at the desk: the list, the slips, the number; for those who hand them over."""

from motcua.dossiers.postings import Posting
from tests import given
from tests.documents import reading
from tests.dossiers.test_posting import to_be_posted, units  # noqa: F401 — a fixture


def test_the_desk_prints_slips_hands_over_and_notes_the_number(visitor, units, django_assert_max_num_queries):  # noqa: F811
    to_be_posted()
    client = visitor("suong")
    with django_assert_max_num_queries(12):
        page = client.get("/desk/post/").content.decode()
    assert "1 kết quả chờ giao bưu chính" in page
    slips = client.get("/desk/post/slips.pdf").content
    text = reading.text(slips)
    assert ("PHIẾUGỬI" in text, "BẢNGKÊ" in text, "PhườngSaPa" in text, len(reading.fonts(slips)) > 0) == (
        True,
        True,
        True,
        True,
    )
    posting = Posting.objects.get()
    refused = client.post(f"/desk/post/{posting.pk}/", {"waybill": ""})
    assert (refused.status_code, "Ghi số hiệu" in refused.content.decode()) == (422, True)
    assert client.post(f"/desk/post/{posting.pk}/", {"waybill": "EA1VN"}).status_code == 302
    assert "EA1VN" in client.get("/desk/post/").content.decode()
    assert "EA1VN" in client.get(f"/desk/dossiers/{posting.dossier_id}/").content.decode()
    assert client.get("/desk/post/slips.pdf").status_code == 302
    for stranger, status in (("may", 403), ("thong", 403), ("", 302)):
        given.country()
        assert visitor(stranger).get("/desk/post/").status_code == status
