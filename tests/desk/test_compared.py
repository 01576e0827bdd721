"""Values from texts of law: marked until somebody has compared them, and again when they change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.procedures import actions
from motcua.procedures.comparing import Value, compared
from tests import given

VIETNAMESE = {"accept-language": "vi"}


def test_a_value_is_marked_until_an_administrator_has_compared_it(visitor):
    given.country()
    given.procedure("1.004222")
    writer = visitor("soan")
    writer.get("/desk/lists/")
    with CaptureQueriesContext(connection) as asked:
        page = writer.get("/desk/lists/", headers=VIETNAMESE)
    assert len(asked) <= 12
    shown = page.content.decode()
    for words in ("123/2015/NĐ-CP, điều 23.1", "6 tháng", "30.000", "75/2022/TT-BTC, điều 4", "Trẻ em"):
        assert words in shown
    open_before = page.context["open"]
    (one,) = [
        one
        for _title, _where, values in page.context["lists"]
        for one, _said in values
        if one.value.key == "validity:marital_status"
    ]
    typed = {"key": one.value.key, "digest": one.value.digest}
    assert writer.post("/desk/lists/compare/", typed | {"digest": "old"}).status_code == 302
    assert not Entry.objects.of("procedures.ValueCompared").exists()
    writer.post("/desk/lists/compare/", typed)
    page = writer.get("/desk/lists/", headers=VIETNAMESE)
    by = f"{given.account('soan').name}, "
    assert (page.context["open"], page.content.decode().count(by)) == (open_before - 1, 1)
    assert writer.post("/desk/lists/compare/", {"key": "validity:none"}).status_code == 404
    for key, status in (("may", 403), ("suong", 403), ("thong", 403), ("lua", 403)):
        assert visitor(key).post("/desk/lists/compare/", typed).status_code == status


@pytest.mark.django_db
def test_a_value_that_has_changed_must_be_compared_again():
    before = Value("validity:x", "Giấy", "6", "1/2026/NĐ-CP", None)
    by = given.actor("soan")
    actions.compare(before, by=by)
    after = Value("validity:x", "Giấy", "12", "1/2026/NĐ-CP", None)
    assert [one.by for one in compared([before, after])] == [by.name, ""]
    with pytest.raises(Refused):
        actions.compare(after, by=given.actor("thong"))
