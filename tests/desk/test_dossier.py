"""One dossier on the desk: what it shows, what can be decided, and its papers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from motcua.desk import reading
from motcua.desk.decisions import decision
from motcua.desk.mending import asked_before
from motcua.desk.story import TOLD
from motcua.documents.models import Document, store
from motcua.dossiers import actions, events
from motcua.dossiers.models import Dossier, Paper, Step
from motcua.dossiers.states import State
from motcua.exchange.models import Outbox, Outgoing, Peer
from motcua.journal.models import Entry
from motcua.sharing.models import Request
from tests import given
from tests.desk.conftest import DOSSIERS

REASON = "Ảnh giấy chứng sinh bị lóa đèn. Chụp lại giúp."


def look(client, dossier):
    return client.get(f"/desk/dossiers/{dossier.pk}/").content.decode()


def post(client, dossier, verb, **typed):
    return client.post(f"/desk/dossiers/{dossier.pk}/{verb}/", typed)


def refetched(dossier):
    return Dossier.objects.get(pk=dossier.pk)


def card(dossier, key):
    """The verbs of the decision card: the primary one, then the others."""
    found = decision(refetched(dossier), list(dossier.steps.all()), by=given.actor(key))
    return found.primary.name if found.primary else "", [verb.name for verb in found.others]


def test_a_step_another_agency_was_asked_for_with_answers_put_right_since_is_named(visitor, accepted):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    actions.request_supplement(
        dossier, by=given.officer("receiver"), reason="Sửa.", pages=["child", "mother"]
    )
    page, words = f"/desk/dossiers/{dossier.pk}/", "Đã yêu cầu theo nội dung khai trước khi sửa"
    assert words not in visitor("lam").get(page).content.decode()
    right = {"child_given_name": "Ân"}
    actions.resume(dossier, by=given.SYSTEM, papers=[], note="", sent_at=timezone.now(), answers=right)
    read = visitor("lam").get(page).content.decode()
    assert words in read
    entries, steps = reading.entries(dossier.urn), list(dossier.steps.all())
    assert asked_before(refetched(dossier), steps, entries) == ["Đăng ký khai sinh"]


# One green button, by state and role


def test_a_new_dossier_is_to_be_received(arrived):
    (new,) = arrived()
    found = {key: card(new, key) for key in ("suong", "lam", "lua")}
    both = ("accept", ["supplement", "refuse"])
    assert found == {"suong": both, "lam": both, "lua": ("", [])}


def test_a_received_dossier_is_to_be_examined(accepted):
    (dossier,) = accepted(8)
    found = {key: card(dossier, key) for key in ("suong", "lam", "lua")}
    assert found == {
        "suong": ("", ["supplement"]),
        "lam": ("propose", ["supplement", "stop"]),
        "lua": ("", ["extend"]),
    }


def test_while_others_work_nothing_is_proposed_or_signed(accepted):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    assert {key: card(dossier, key)[0] for key in ("suong", "lam", "lua")} == {
        "suong": "",
        "lam": "",
        "lua": "",
    }


def test_a_refused_step_is_to_be_asked_for_again(refused):
    assert {key: card(refused, key)[0] for key in ("suong", "lam", "lua")} == {
        "suong": "",
        "lam": "retry",
        "lua": "",
    }


def test_what_all_have_finished_with_is_to_be_signed(to_sign):
    assert card(to_sign, "lua") == ("sign", ["return"])


def test_a_supplement_is_offered_once(visitor, arrived):
    (dossier,) = arrived()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    assert card(dossier, "suong") == ("", [])
    actions.resume(dossier, by=DOSSIERS, papers=[], note="Đã chụp lại.", sent_at=dossier.arrived_at)
    assert card(dossier, "suong") == ("accept", ["refuse"])


@pytest.mark.parametrize("key", ["suong", "lam", "lua"])
def test_each_page_has_at_most_one_green_button(visitor, arrived, accepted, refused, key):
    pages = [look(visitor(key), dossier) for dossier in (*arrived(), *accepted(8), refused)]
    green = [re.findall(r'<button class="button wide"', page) for page in pages]
    assert max(len(found) for found in green) <= 1


# Decisions


def test_receiving_gives_the_code_and_says_so(visitor, arrived):
    (dossier,) = arrived()
    answer = visitor("suong").post(f"/desk/dossiers/{dossier.pk}/accept/", follow=True)
    found = refetched(dossier)
    assert (answer.redirect_chain, found.state) == ([(f"/desk/dossiers/{dossier.pk}/", 302)], State.ACCEPTED)
    page = answer.content.decode()
    assert page.count("Đã tiếp nhận. Đồng hồ bắt đầu chạy, người dân có giấy hẹn.") == 1
    assert page.count(f"{found.code}</span>") == 1


def test_the_second_to_receive_is_told_that_it_is_done(visitor, accepted):
    (dossier,) = accepted(8)
    before = Entry.objects.about(dossier).count()
    assert post(visitor("suong"), dossier, "accept").status_code == 409
    assert Entry.objects.about(dossier).count() == before


@pytest.mark.parametrize(
    ("verb", "field", "says"),
    [("supplement", "reason", "Ghi những gì còn thiếu"), ("refuse", "reason", "Ghi lý do")],
)
def test_a_decision_without_its_reason_is_asked_for_it_at_the_field(visitor, arrived, verb, field, says):
    (dossier,) = arrived()
    answer = post(visitor("suong"), dossier, verb, **{field: "  "})
    assert (answer.status_code, answer.context["form"].errors) == (422, {field: [says]})
    assert refetched(dossier).state == State.NEW


def test_asking_twice_for_a_supplement_says_so_at_the_field(visitor, arrived):
    (dossier,) = arrived()
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    actions.resume(dossier, by=DOSSIERS, papers=[], note="", sent_at=dossier.arrived_at)
    answer = post(visitor("suong"), dossier, "supplement", reason=REASON)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])


def test_a_proposal_keeps_the_opinion_and_begins_the_next_step(visitor, accepted):
    (dossier,) = accepted(8)
    assert post(visitor("lam"), dossier, "propose", opinion="Khớp dữ liệu.").status_code == 302
    steps = dict(dossier.steps.values_list("key", "state"))
    assert (refetched(dossier).opinion, steps["examine"], steps["register"]) == (
        "Khớp dữ liệu.",
        Step.State.DONE,
        Step.State.RUNNING,
    )


def test_signing_puts_the_result_on_the_page(visitor, to_sign):
    assert post(visitor("lua"), to_sign, "sign").status_code == 302
    result = Document.objects.about(to_sign).get(kind=Document.Kind.BIRTH)
    page = look(visitor("lua"), to_sign)
    assert (refetched(to_sign).state, page.count(f"/documents/{result.pk}/")) == (State.RETURNED, 1)


def test_the_page_of_a_decision_can_be_opened_by_itself(visitor, arrived):
    (dossier,) = arrived()
    page = visitor("suong").get(f"/desk/dossiers/{dossier.pk}/supplement/").content.decode()
    assert page.count("Chỉ được yêu cầu một lần. Hãy ghi đủ mọi điểm cần sửa.") == 1


# What it shows


def test_the_page_names_applicant_number_and_answers(visitor, arrived):
    (dossier,) = arrived()
    page = look(visitor("lam"), dossier)
    title = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert title == f"{dossier.version.name_vi}: Trần Hạ Mây"
    facts = re.findall(r"<dt>([^<]+)</dt><dd>(?:<span[^>]*>)?([^<]+)", page)
    answers = dict(reversed(facts))  # mother and father have numbers as well; the applicant comes first
    asked = ("Số định danh cá nhân", "Giới tính", "Ngày, tháng, năm sinh", "Có thông tin về người mẹ")
    assert [answers[one] for one in asked] == ["000 196 004 821", "Nữ", "02/11/2026", "Có"]


def test_the_process_shows_what_is_done_and_who_holds_it(visitor, accepted):
    (dossier,) = accepted(8)
    page = look(visitor("lam"), dossier)
    process = re.search(r'<div class="process panel">(.*?)</ol>', page, re.DOTALL)[1]
    assert re.findall(r'<li class="(\w+)"', process) == ["done", "now", *["next"] * 5]
    assert re.findall(r'<p class="hint">([^<]*)</p>', process)[:3] == [
        "Phạm Thu Sương",
        "Bạn đang giữ",
        "Bộ Tư pháp",
    ]


def waiting(page):
    """What the dashed box below the process says, without its tags."""
    return " ".join(
        re.sub(r"<[^>]+>", " ", re.search(r'<p class="process-back">(.*?)</p>', page, re.DOTALL)[1]).split()
    )


def test_a_wait_says_for_whom_and_why(visitor, accepted):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    assert waiting(look(visitor("lam"), dossier)).startswith("Chờ Bộ Tư pháp: ")


def test_a_wait_for_a_node_out_of_reach_says_when_it_is_tried_again(visitor, accepted):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    on_the_way(Request.objects.get(service="civil.register_birth").message, next_try="10:42")
    said = waiting(look(visitor("lam"), dossier))
    assert (said.startswith("Chờ Bộ Tư pháp: "), said.endswith("Gửi lại lúc 10:42.")) == (True, True)


def on_the_way(message, *, next_try):
    """The exchange has signed a message and cannot reach the node it goes to."""
    hour, minute = map(int, next_try.split(":"))
    at = timezone.localtime().replace(hour=hour, minute=minute)
    Outgoing.objects.create(
        id=message,
        leaf=1,
        kind="sharing.request",
        sender=given.SA_PA,
        recipient="G15",
        stream="",
        seq=1,
        correlation="",
        created=at,
        expires=at,
        give_up_at=at,
        confirm=False,
        state=Outgoing.State.SIGNED,
    )
    Peer.objects.create(name="tuphap", agencies=["G15"], failures=3, next_try=at, last_error="timeout")


def test_a_refusal_by_another_agency_is_quoted(visitor, refused):
    assert waiting(look(visitor("lam"), refused)) == (
        "Bộ Tư pháp từ chối “Đăng ký khai sinh”: Số định danh của mẹ không khớp."
    )


def test_the_log_tells_who_did_what_newest_first(visitor, accepted):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    page = look(visitor("lam"), dossier)
    log = page[page.index("Nhật ký</h2>") :]
    assert re.findall(r'<p class="timeline-title">([^<]+)</p>', log) == [
        "Gửi yêu cầu đến Bộ Tư pháp: Đăng ký khai sinh",
        "Đỗ Minh Lâm đề xuất kết quả",
        "Phạm Thu Sương tiếp nhận, đồng hồ bắt đầu chạy",
        "Hồ sơ đến cơ quan",
    ]


def test_there_are_words_for_all_that_happens_to_a_dossier():
    said = {name.partition(".")[2] for name in TOLD if name.startswith("dossiers.")}
    of_others = (
        "Application",
        "Reading",
        "Paper",
        "Withdrawal",
        "News",
        "Filter",
        "Batch",
        "Transition",
        "Form",
        "Refund",
        "Opening",
        "DossierOpened",
        "SupplementReturned",
        "CounterDossier",
    )
    told_to_citizens = {name for name in vars(events) if name.startswith(of_others)}
    happened = {
        name
        for name, value in vars(events).items()
        if isinstance(value, type) and value.__module__.startswith(events.__name__)
    }
    assert said == happened - told_to_citizens


def test_the_clock_shows_how_long_the_applicant_was_waited_for(visitor, accepted):
    (dossier,) = accepted(8)
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    page = look(visitor("lam"), dossier)
    clock = re.search(r'<ul class="legend">(.*?)</ul>', page, re.DOTALL)[1]
    said = [" ".join(one.split(",")[0].split()) for one in re.findall(r"</svg>([^<]+)", clock)]
    assert said == ["Đang chạy", "Chờ bổ sung hồ sơ"]


def test_the_page_asks_as_much_for_one_paper_as_for_thirty(visitor, arrived):
    (dossier,) = arrived()
    client = visitor("lam")
    file(dossier, "a0")
    file(dossier, "birth_notice", name="IMG_0412.jpg")
    few = asked(client, dossier)
    for place in range(29):
        file(dossier, f"b{place}")
    assert asked(client, dossier) == few
    page = client.get(f"/desk/dossiers/{dossier.pk}/", headers={"accept-language": "vi"})
    titles = [title for title, _paper in page.context["papers"]][:2]
    assert titles == ["giấy chứng sinh.png", dossier.definition.papers[0].name.vi]
    assert "IMG_0412.jpg · " in page.content.decode()


def test_the_page_asks_no_more_while_it_waits_for_another_agency(
    visitor, accepted, django_assert_max_num_queries
):
    (dossier,) = accepted(8)
    actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
    client = visitor("lam")
    look(client, dossier)
    with django_assert_max_num_queries(12):
        assert "Thông điệp đang chờ ký" in look(client, dossier)


def asked(client, dossier):
    look(client, dossier)
    with CaptureQueriesContext(connection) as queries:
        look(client, dossier)
    return len(queries)


# Papers


def file(dossier, paper, *, media="image/png", name="giấy chứng sinh.png"):
    blob = store().put([given.picture()])
    return Paper.objects.create(
        dossier=dossier, paper=paper, name=name, media=media, size=blob.size, digest=blob.digest
    )


def test_a_picture_is_shown_and_can_do_nothing(visitor, arrived):
    (dossier,) = arrived()
    paper = file(dossier, "birth_notice")
    answer = visitor("lam").get(f"/desk/dossiers/{dossier.pk}/papers/{paper.pk}/")
    kept = (
        "Content-Type",
        "Content-Disposition",
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Cache-Control",
    )
    assert (answer.content, {name: answer[name] for name in kept}) == (
        given.picture(),
        {
            "Content-Type": "image/png",
            "Content-Disposition": "inline; filename*=utf-8''gi%E1%BA%A5y%20ch%E1%BB%A9ng%20sinh.png",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@pytest.mark.parametrize(
    ("media", "kind"), [("application/pdf", "application/pdf"), ("text/html", "application/octet-stream")]
)
def test_anything_else_is_saved_not_shown(visitor, arrived, media, kind):
    (dossier,) = arrived()
    paper = file(dossier, "birth_notice", media=media, name="x.bin")
    answer = visitor("lam").get(f"/desk/dossiers/{dossier.pk}/papers/{paper.pk}/")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == (kind, 'attachment; filename="x.bin"')


def test_a_paper_opens_only_under_its_own_dossier(visitor, arrived):
    mine, other = arrived(2)
    paper = file(other, "birth_notice")
    assert visitor("lam").get(f"/desk/dossiers/{mine.pk}/papers/{paper.pk}/").status_code == 404


def test_a_paper_whose_bytes_are_gone_is_not_found(visitor, arrived):
    (dossier,) = arrived()
    paper = file(dossier, "birth_notice")
    store().path(paper.digest).unlink()
    assert visitor("lam").get(f"/desk/dossiers/{dossier.pk}/papers/{paper.pk}/").status_code == 404


def test_a_step_in_the_middle_is_finished_with_what_was_found(verifying, visitor):
    assert card(verifying, "lam")[0] == "complete"
    answer = visitor("lam").post(
        f"/desk/dossiers/{verifying.pk}/complete/", {"key": "verify", "note": "Chưa kết hôn lần nào."}
    )
    verifying.refresh_from_db()
    page = visitor("lam").get(f"/desk/dossiers/{verifying.pk}/").content.decode()
    assert (answer.status_code, card(verifying, "lam")[0]) == (302, "propose")
    assert page.count("Chưa kết hôn lần nào.") == 1


# Notes, other dossiers, papers brought later


def test_a_note_is_read_by_colleagues_and_by_nobody_else(visitor, arrived):
    (dossier,) = arrived()
    post(visitor("suong"), dossier, "note", text="Gọi lại cho bà ngoại của bé.")
    assert "Gọi lại cho bà ngoại" in look(visitor("lam"), dossier)
    told = [bytes(row.body or b"").decode() for row in Outbox.objects.all()]
    written = [str(entry.facts) for entry in Entry.objects.all()]
    assert [text for text in [*told, *written] if "bà ngoại" in text] == []


def test_an_empty_note_is_sent_back(visitor, arrived):
    (dossier,) = arrived()
    assert post(visitor("suong"), dossier, "note", text=" ").status_code == 422


@pytest.mark.parametrize(("key", "status"), [("may", 403), ("thong", 404), ("man", 404), ("guong", 404)])
def test_only_who_works_on_the_agencys_dossiers_leaves_notes_and_adds_papers(visitor, arrived, key, status):
    (dossier,) = arrived()
    client = visitor(key)
    statuses = {
        post(client, dossier, "note", text="x").status_code,
        post(client, dossier, "papers").status_code,
    }
    assert statuses == {status}


def test_the_chair_may_leave_a_note_but_adds_no_papers(visitor, arrived):
    (dossier,) = arrived()
    assert post(visitor("lua"), dossier, "papers", paper="other").status_code == 403


def test_other_dossiers_of_the_person_are_shown_and_the_same_matter_stands_out(visitor, arrived):
    first, second = arrived(2)
    (other,) = arrived(1, number="000071002654")
    page = look(visitor("lam"), first)
    assert f"/desk/dossiers/{second.pk}/" in page
    assert "Cùng thủ tục" in page
    assert f"/desk/dossiers/{other.pk}/" not in page


def test_the_page_asks_twelve_times_at_most(visitor, arrived):
    first, _second = arrived(2)
    client = visitor("lam")
    for text in ("Một", "Hai"):
        actions.note(first, by=given.officer("registrar"), text=text)
    assert asked(client, first) <= 12


def test_what_was_missing_is_brought_to_the_counter_and_the_clock_starts_again(visitor, accepted):
    (dossier,) = accepted(8)
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency)
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    client = visitor("suong")
    assert "Nhận giấy tờ bổ sung" in look(client, dossier)
    answer = post(client, dossier, "papers", paper="birth_notice", copy="original", complete="on")
    dossier.refresh_from_db()
    assert (answer.status_code, dossier.state) == (302, State.PROCESSING)
    assert dossier.papers.get().copy == "original"
    assert "Bản giấy, lưu trong hồ sơ" in look(client, dossier)


def test_what_the_portal_waits_for_is_not_ended_at_the_counter(visitor, accepted):
    (dossier,) = accepted(8)
    actions.request_supplement(dossier, by=given.officer("receiver"), reason=REASON)
    client = visitor("suong")
    assert "Nhận giấy tờ bổ sung" not in look(client, dossier)
    post(client, dossier, "papers", paper="birth_notice", copy="original", complete="on")
    dossier.refresh_from_db()
    assert dossier.state == State.SUPPLEMENT
