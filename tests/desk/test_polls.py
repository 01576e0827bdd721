"""The users of a service are asked at the desk, and everybody reads what they said."""

import pytest
from django.utils import timezone

from motcua.procedures import actions
from motcua.procedures.models import Version
from motcua.procedures.polls import Poll
from motcua.procedures.schema import Definition
from tests import given

VIETNAMESE = {"accept-language": "vi"}
ADDRESS = "/desk/procedures/1.004873/polls/"


def typed(day, **changes):
    days = {
        f"{name}_{place}": part
        for name in ("begins_on", "ends_on")
        for place, part in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    return {"question": "Nộp qua mạng?", "whom": "Hội Luật gia", "asked": "20"} | days | changes


def test_asked_counted_and_told_beside_the_procedure(db, visitor):
    given.procedure("1.004873")
    writer, today = visitor("soan"), timezone.localdate()
    wrong = writer.post(ADDRESS, typed(today, asked="0"), headers=VIETNAMESE)
    assert (wrong.status_code, wrong.content.decode().count("Phải hỏi ít nhất một người.")) == (422, 2)
    assert writer.post(ADDRESS, typed(today)).status_code == 302
    poll = Poll.objects.get()
    counting = f"/desk/polls/{poll.pk}/count/"
    assert writer.get(ADDRESS).content.decode().count(counting) == 1
    wrong = writer.post(counting, {"answered": "21", "assented": "1", "document": "1"})
    assert wrong.status_code == 422
    assert writer.post(counting, {"answered": "12", "assented": "9", "document": "Báo cáo 12/BC"})[
        "Location"
    ] == (ADDRESS)
    told = visitor().get("/procedures/1.004873/", headers=VIETNAMESE).content.decode()
    assert told.count("hỏi 20, trả lời 12, đồng ý đưa lên mạng 9. Báo cáo 12/BC") == 1


def test_a_draft_that_goes_online_says_what_is_missing(db, visitor):
    version = given.procedure("1.004873")
    by, definition = given.actor("soan"), version.definition
    draft = actions.revise(version, by=by)
    draft.base.content = definition.as_content() | {"channels": ["direct"]}
    draft.base.digest = "0" * 64
    draft.base.save()
    page = visitor("soan").get(f"/desk/drafts/{draft.pk}/", headers=VIETNAMESE).content.decode()
    assert page.count("Người dùng chưa đồng ý: hãy hỏi họ") == 1
    assert (page.count(ADDRESS), page.count("/propose/")) == (1, 0)
    Version.objects.update(content=definition.as_content(), digest="1" * 64)
    fee = definition.as_content() | {"fees": [{"amount": 9000}]}
    actions.edit(draft, by=by, definition=Definition.from_content(fee))
    page = visitor("soan").get(f"/desk/drafts/{draft.pk}/", headers=VIETNAMESE).content.decode()
    assert page.count("Đang làm được trên mạng, bản mới lại buộc người dân đến hoặc gửi giấy") == 1
    assert (page.count(ADDRESS), page.count("/propose/")) == (0, 0)


@pytest.mark.parametrize("way", ["ask", "count"])
def test_who_looks_after_procedures_reads_and_only_the_nation_asks(db, visitor, way):
    procedure, today = given.procedure("1.004873").procedure, timezone.localdate()
    poll = Poll(procedure=procedure, question="?", whom="Hội", begins_on=today, ends_on=today, asked=2)
    actions.open_poll(poll, by=given.actor("soan"))
    address = ADDRESS if way == "ask" else f"/desk/polls/{poll.pk}/count/"
    data = typed(today) if way == "ask" else {"answered": "1", "assented": "1", "document": "1"}
    found = {
        key: (visitor(key).get(address).status_code, visitor(key).post(address, data).status_code)
        for key in ("", "may", "suong", "thong")
    }
    assert found == {"": (302, 302), "may": (403, 403), "suong": (403, 403), "thong": (200, 403)}
