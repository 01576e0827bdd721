"""Standing in: for a post and some days, arranged by who may, by those whose own post permits, and told as such."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers import actions as dossiers
from motcua.dossiers.papers import title_of
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused, may
from motcua.lib.actors import Actor, Grant
from motcua.notices import reactions
from motcua.notices.models import Notice
from motcua.organisations.models import Post
from motcua.people import actions
from motcua.people.models import Account, Appointment, Substitution, actor_of
from tests import given
from tests.desk.test_people import day


def today(days=0):
    return timezone.localdate() + timedelta(days=days)


def substitution(absent, stand_in, *, since=0, until=3, role=""):
    held = Appointment.objects.filter(account=given.account(absent))
    found = held.filter(post__role=role) if role else held
    return Substitution(
        appointment=found.get(),
        stand_in=given.account(stand_in),
        since=today(since),
        until=today(until),
        reason="Nghỉ phép.",
    )


def lend(absent, stand_in, *, by="", **about):
    return actions.stand_in(substitution(absent, stand_in, **about), by=given.actor(by or absent))


def test_while_it_lasts_the_post_is_held_and_not_before_or_after(db):
    lent = lend("lam", "suong", since=0, until=2)
    assert actor_of(given.account("suong")).grants == {
        Grant("receiver", given.SA_PA),
        Grant("registrar", given.SA_PA, instead_of="Đỗ Minh Lâm"),
    }
    for since, until in ((1, 2), (-3, -1)):
        Substitution.objects.filter(pk=lent.pk).update(since=today(since), until=today(until))
        assert given.actor("suong").grants == {Grant("receiver", given.SA_PA)}
    Substitution.objects.filter(pk=lent.pk).update(since=today(), until=today())
    actions.end_substitution(Substitution.objects.get(pk=lent.pk), by=given.actor("lam"))
    assert given.actor("suong").lenders == []


def test_only_a_deputy_stands_in_for_the_head(db):
    with pytest.raises(Invalid):
        lend("lua", "lam")
    lend("lua", "thac")
    assert given.actor("thac").holds("chair", at=given.SA_PA)
    # Who leaves the post of deputy has nothing lent any more.
    Appointment.objects.filter(account=given.account("thac")).update(valid_to=today(-1))
    assert given.actor("thac").grants == frozenset()


@pytest.mark.parametrize(
    ("absent", "stand_in", "since", "until", "field"),
    [
        ("lam", "lam", 0, 3, "stand_in"),
        ("lam", "man", 0, 3, "stand_in"),
        ("lam", "may", 0, 3, "stand_in"),
        ("thong", "lam", 0, 3, "appointment"),
        ("lam", "suong", -1, 3, "since"),
        ("lam", "suong", 2, 1, "until"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(db, absent, stand_in, since, until, field):
    with pytest.raises(Invalid) as refused:
        lend(absent, stand_in, since=since, until=until)
    assert (refused.value.field, Substitution.objects.count()) == (field, 0)


def test_a_post_is_lent_to_one_at_a_time_and_asked_twice_once(db):
    lend("lam", "suong", since=0, until=5)
    lend("lam", "suong", since=0, until=5)
    with pytest.raises(Invalid):
        lend("lam", "thac", since=5, until=9)
    lend("lam", "thac", since=6, until=9)
    assert Entry.objects.of("people.SubstitutionArranged").count() == 2


def test_only_the_holder_the_head_and_administrators_arrange_it(db):
    for key in ("suong", "man", "may", "guong", "thac"):
        with pytest.raises(Refused):
            lend("lam", "suong", by=key)
    lent = lend("lam", "suong", by="thong")
    with pytest.raises(Refused):
        actions.end_substitution(lent, by=given.actor("suong"))
    actions.end_substitution(lent, by=given.actor("lua"))
    # What was lent is not lent on.
    lend("lua", "thac")
    with pytest.raises(Refused):
        lend("lam", "suong", by="thac", since=4, until=5)


def test_what_is_done_in_anothers_stead_is_told_as_such(visitor, accepted):
    (dossier,) = accepted(8)
    lend("lam", "suong")
    suong = given.actor("suong")
    dossiers.request_supplement(dossier, by=suong, reason="Thiếu giấy.")  # what the receiver may do herself
    dossiers.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now())
    dossiers.propose(dossier, by=suong, opinion="Đủ điều kiện.")
    told = {one.event.partition(".")[2]: one.actor.get("instead_of") for one in Entry.objects.about(dossier)}
    assert (told["SupplementRequested"], told["DossierProposed"]) == (None, "Đỗ Minh Lâm")
    page = visitor("suong").get(f"/desk/dossiers/{dossier.pk}/").content.decode()
    assert "Phạm Thu Sương (thay cho Đỗ Minh Lâm) đề xuất kết quả" in page


def test_a_deputy_signs_for_the_head_in_the_form_of_the_law(to_sign):
    deputy = given.actor("thac")
    assert not may(deputy, "dossiers.sign", to_sign)
    lend("lua", "thac")
    deputy = given.actor("thac")
    assert title_of(deputy, given.SA_PA) == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert title_of(given.actor("lua"), given.SA_PA) == "CHỦ TỊCH"
    dossiers.sign(to_sign, by=deputy)
    signed = Document.objects.about(to_sign).get(kind=Document.Kind.BIRTH)
    assert (signed.signatures[0]["who"], signed.pages) == ("Lò Văn Thác", 1)
    [entry] = Entry.objects.of("dossiers.ResultSigned")
    assert entry.actor["instead_of"] == "Vũ Thị Lúa"


def test_the_page_arranges_ends_and_both_desks_show_it(visitor, arrived):
    arrived()
    lam, suong = visitor("lam"), visitor("suong")
    held = Appointment.objects.get(account=given.account("lam"))
    typed = {"appointment": held.pk, "stand_in": given.account("suong").pk, "reason": "Nghỉ phép."}
    answer = lam.post(
        "/desk/substitutions/", typed | day("since", today()) | day("until", today(4)), follow=True
    )
    assert "Đã xếp người đứng thay." in answer.content.decode()
    banner = f"Phạm Thu Sương đứng thay Đỗ Minh Lâm đến hết ngày {today(4):%d/%m/%Y}"
    for client in (lam, suong):
        assert banner in client.get("/desk/").content.decode()
    assert banner not in visitor("lua").get("/desk/").content.decode()
    [entry] = Entry.objects.of("people.SubstitutionArranged")
    event = reactions.SubstitutionArranged(**entry.facts)
    for _time in range(2):
        reactions.tell_both(event, entry)
    notice = Notice.objects.get(recipient=given.account("suong"))
    page = suong.get("/desk/notices/").content.decode()
    assert "Bạn đứng thay Đỗ Minh Lâm" in page
    assert "1 thông báo chưa đọc" in suong.get("/desk/").content.decode()
    assert lam.post(f"/desk/notices/{notice.pk}/open/").status_code == 404
    assert suong.post(f"/desk/notices/{notice.pk}/open/")["Location"] == "/desk/substitutions/"
    assert "chưa đọc" not in suong.get("/desk/").content.decode()
    lent = Substitution.objects.get()
    assert suong.post(f"/desk/substitutions/{lent.pk}/end/").status_code == 403
    assert visitor("man").post(f"/desk/substitutions/{lent.pk}/end/").status_code == 404
    assert lam.post(f"/desk/substitutions/{lent.pk}/end/").status_code == 302
    assert banner not in lam.get("/desk/").content.decode()


def test_a_wrong_day_is_answered_at_its_field_and_others_posts_are_not_offered(visitor):
    given.account("suong")
    held = Appointment.objects.get(account=given.account("lua"))
    client = visitor("lam")
    typed = {"appointment": held.pk, "stand_in": given.account("suong").pk, "reason": "x"}
    answer = client.post("/desk/substitutions/", typed | day("since", today(-2)) | day("until", today()))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["appointment"])
    page = visitor("thong").get("/desk/substitutions/").content.decode()
    assert re.findall(r"<option[^>]*>([^<]*), UBND phường Sa Pa</option>", page.replace("\n", "")) != []


def test_standing_in_costs_no_query(visitor, arrived):
    arrived()
    client = visitor("suong")
    client.get("/desk/")
    lend("lam", "suong")
    with CaptureQueriesContext(connection) as queries:
        client.get("/desk/")
    assert len(queries) == 6


def test_an_actor_says_in_whose_stead_only_where_it_is_needed():
    own, lent = Grant("receiver", "H38"), Grant("chair", "H38", instead_of="An")
    actor = Actor("person:1", "Bình", frozenset({own, lent}))
    assert [actor.acting_as(role, at="H38").instead_of for role in ("receiver", "chair", "clerk")] == [
        "",
        "An",
        "",
    ]
    assert actor.with_posts_of().grants == {own}
    assert actor.with_posts_of("An") == actor
    assert actor.as_json() == {"urn": "person:1", "name": "Bình", "grants": ["chair@H38", "receiver@H38"]}
    assert (Post.Role.DEPUTY, Account.Assurance.TWO) == ("deputy", 2)
