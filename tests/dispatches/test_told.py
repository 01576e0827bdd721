"""Whoever's turn it becomes on the way of a draft is told, once."""

from motcua.dispatches import actions
from motcua.notices.models import Notice
from tests import given
from tests.dispatches.conftest import written
from tests.post import settle


def told(code):
    settle()
    return sorted(Notice.objects.filter(code=code).values_list("recipient__name", flat=True))


def test_the_head_named_is_told_that_a_document_waits_for_the_signature():
    draft = written()
    actions.submit(draft, by=given.officer("specialist"), to=given.account("thac"))
    assert told("dispatches.to_sign") == ["Lò Văn Thác"]
    notice = Notice.objects.get(code="dispatches.to_sign")
    assert (notice.link, draft.subject in notice.subject) == (f"/desk/outgoing/{draft.pk}/", True)


def test_where_any_head_may_sign_all_of_them_are_told():
    given.account("thac")
    given.account("lua")
    actions.submit(written(), by=given.officer("specialist"))
    assert told("dispatches.to_sign") == ["Lò Văn Thác", "Vũ Thị Lúa"]


def test_who_is_asked_after_others_is_told_when_their_turn_comes():
    draft, by = written(), given.officer("specialist")
    lam, suong = given.account("lam"), given.account("suong")
    actions.route(draft, by=by, to=[lam], wanted="content", days=1)
    actions.route(draft, by=by, to=[suong], wanted="opinion", days=1, is_after=True)
    assert told("dispatches.to_review") == [lam.name]
    actions.initial(draft, by=given.actor("lam"), seen=draft.version)
    assert told("dispatches.to_review") == sorted([lam.name, suong.name])


def test_who_is_asked_again_about_a_new_version_is_told_again():
    draft, by = written(), given.officer("specialist")
    actions.route(draft, by=by, to=[given.account("lam")], wanted="content", days=1)
    settle()
    actions.initial(draft, by=given.actor("lam"), seen=draft.version)
    actions.redraft(draft, by=by, text="Nội dung sửa.")
    assert told("dispatches.to_review") == ["Đỗ Minh Lâm"] * 2
