"""The counter at page level: three pages by keyboard from the card to the printed receipt."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from motcua.desk.start import Start
from motcua.documents.models import Document, store
from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Channel, State
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid
from motcua.payments.models import Charge
from motcua.queues.models import Place
from motcua.registers.population import actions as population
from motcua.registers.population.models import Person, Reading
from motcua.registers.population.records import PersonRecord
from motcua.registers.records import Basis, Ground, Sex
from tests import given
from tests.documents import reading
from tests.post import settle

CARD = "000196004821||Trần Hạ Mây|12041996|Nữ|Tổ 3, phường Sa Pa, tỉnh Lào Cai|01072025"
COPY, CERTIFY, RESIDENCE, EATERY = "2.000635", "2.000815", "1.004222", "1.002425"
BAILIFFS = "1.000390"
TAKEOVER = Basis(Ground.TAKEOVER, "demo", "G01")
ANSWERS = {
    "applicant_name": "Trần Hạ Mây",
    "applicant_number": "000196004821",
    "applicant_born_on_day": "12",
    "applicant_born_on_month": "4",
    "applicant_born_on_year": "1996",
    "applicant_residence": "Tổ 3, phường Sa Pa, tỉnh Lào Cai",
    "applicant_phone": "0912345678",
    "receive_by": "counter",
    "read-identity": "on",  # as the page has it, once the register has said who this is
}
COPIES = ANSWERS | {
    "record_kind": "marriage",
    "record_of": "Trần Hạ Mây",
    "record_at": "Xã Tả Van",
    "copies": "5",
}
CERTIFIED = ANSWERS | {
    "paper_kind": "degree",
    "paper_name": "Bằng tốt nghiệp",
    "paper_issuer": "Trường",
    "pages": "2",
    "copies": "5",
}


@pytest.fixture
def counter(visitor, line):
    """Sương at her counter, the procedures loaded and Mây known to the register."""
    given.country()
    given.registered("may")
    for code in (COPY, CERTIFY, given.BIRTH):
        given.procedure(code)
    return visitor("suong")


def begin(client, *, procedure=COPY, who=CARD, **typed):
    answer = client.post(
        "/desk/counter/", {"procedure": procedure, "who": who, "way": "self", "case": "other", **typed}
    )
    assert answer.status_code == 302, faults(answer)
    return answer["Location"]


def take(client, address, answers=COPIES, **typed):
    own = {f"counter-{name}": typed.pop(name) for name in ("words", "receipt", "forward_to") if name in typed}
    verdict = {"counter-verdict": typed.pop("verdict", "accept")}
    return client.post(address, {**answers, **verdict, **own, **typed})


def faults(answer):
    """What the page says is to be mended, by field."""
    return dict(re.findall(r'<a href="#id_([\w-]+?)">[^:]+: ([^<]+)', answer.content.decode()))


def test_from_the_card_to_the_receipt_in_three_pages(counter):
    assert counter.get("/desk/counter/").status_code == 200
    address = begin(counter)
    page = counter.get(address).content.decode()
    assert 'value="Trần Hạ Mây"' in page
    answer = take(counter, address)
    assert answer.status_code == 302, faults(answer)
    done = counter.get(answer["Location"]).content.decode()
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.channel, dossier.applicant_name) == (
        State.FEE,
        Channel.DIRECT,
        "Trần Hạ Mây",
    )
    assert dossier.code in done
    (receipt,) = re.findall(r"/desk/dossiers/[^\"]+/documents/[^\"]+", done)
    pdf = counter.get(receipt)
    assert pdf["Content-Type"] == "application/pdf"
    assert reading.media_box(pdf.content) == [0, 0, 148, 210]
    assert dossier.code in reading.text(pdf.content)
    assert f"Số:1/{dossier.accepted_at.year}-BPTNTKQ" in reading.text(pdf.content)
    proof = dossier.papers.get()
    assert (proof.paper, proof.copy, proof.get_copy_display()) == (
        "identity",
        "register",
        "Đọc từ cơ sở dữ liệu",
    )
    said = reading.text(store().read(proof.digest))
    for word in ("KẾTQUẢKHAITHÁCDỮLIỆU", "000196004821", "12/04/1996", "PhạmThuSương"):
        assert word in said
    assert Reading.objects.filter(subject="000196004821").count() == 1  # what was read once is not read again


def test_what_the_own_level_handles_stands_before_what_is_only_taken_in_for_another(counter):
    given.procedure(BAILIFFS)
    page = counter.get("/desk/counter/").content.decode()
    assert page.index(f'value="{BAILIFFS} ') > max(
        page.index(f'value="{one} ') for one in (COPY, given.BIRTH)
    )
    above = [given.agency("H38")]
    there = Start(agencies=above).as_p()  # where they stand the other way round
    assert there.index(f'value="{BAILIFFS} ') < there.index(f'value="{given.BIRTH} ')


def test_a_business_is_known_by_its_code_and_its_appointment_and_somebody_comes_for_it(counter):
    given.procedure(EATERY)
    given.enterprise()
    wrong = counter.post("/desk/counter/", {"procedure": EATERY, "who": "0001234560", "way": "self"})
    assert "các chữ số không khớp" in faults(wrong)["who"]
    doi, now = given.BY_KEY["doi"], timezone.now()
    place = Place.objects.create(
        agency=given.SA_PA,
        origin="G22",
        procedure=EATERY,
        person_name="Công ty TNHH Hoa Ban",
        person_number=given.BUSINESS,
        bringer={
            "name": doi.name,
            "number": doi.number,
            "phone": "",
            "authority": "đại diện số ĐD-2026-000001",
        },
        begins_at=now,
        ends_at=now + timedelta(minutes=30),
        seat=0,
    )
    came = f"?appointment={place.pk}"
    assert f'value="{given.BUSINESS}"' in counter.get(f"/desk/counter/{came}").content.decode()
    typed = {"procedure": EATERY, "who": "000 123 4561", "way": "self", "case": "small"}
    address = counter.post(f"/desk/counter/{came}", typed)["Location"]
    page = unescape(counter.get(address).content.decode())
    shown = ("Công ty TNHH Hoa Ban", "Trụ sở chính", "đại diện số ĐD-2026-000001", f'value="{doi.number}"')
    assert [words for words in shown if words not in page] == []
    assert f"người đại diện theo pháp luật là {doi.name}" in page
    assert page.count('value="Công ty TNHH Hoa Ban"') == 2  # its own name, and that of its place
    given_ = {
        "person-name": "Công ty TNHH Hoa Ban",
        "by-name": doi.name,
        "by-number": doi.number,
        "by-authority": "đại diện số ĐD-2026-000001",
        "eatery_name": "Hoa Ban",
        "eatery_address": "Tổ 3",
        "business_code": given.BUSINESS,
        "meals": "40",
        "staff": "4",
        "applicant_name": doi.name,
        "applicant_number": doi.number,
        "read-business": "on",
        **{f"has-{paper}": "on" for paper in ("request", "premises", "health", "training")},
    }
    answer = take(counter, address, ANSWERS | given_)
    assert answer.status_code == 302, faults(answer)
    dossier = Dossier.objects.get()
    assert (dossier.applicant_name, dossier.applicant_number, dossier.is_of_business) == (
        "Công ty TNHH Hoa Ban",
        given.BUSINESS,
        True,
    )
    assert (dossier.filing["way"], dossier.filing["number"]) == ("proxy", doi.number)
    place.refresh_from_db()
    assert place.state == "come"
    assert Reading.objects.filter(subject=given.BUSINESS).count() == 1  # what was read once is not read again


def test_kinship_is_read_or_the_paper_is_asked_for(counter):
    given.procedure(RESIDENCE)
    given.registered("suoi")
    mother, child = given.BY_KEY["may"].number, "000126000042"
    record = PersonRecord("Lý Hạ An", Sex.FEMALE, date(2026, 1, 5), mother_number=mother)
    population.record_person(
        Person(number=child, occasion="x"), by=given.SYSTEM, known=record, basis=TAKEOVER
    )
    home = {
        "new_commune": "Phường Sa Pa",
        "new_address": "Tổ 3",
        "head_name": "Trần Hạ Mây",
        "head_relation": "Con",
    }
    home |= {f"moved_on_{part}": value for part, value in (("day", "1"), ("month", "2"), ("year", "2026"))}
    typed = ANSWERS | home | {"head_agrees": "true", "fee_exemption": "none", "read-kinship": "on"}
    address = begin(counter, procedure=RESIDENCE, case="family", who=child)
    page = take(counter, address, typed | {"head_number": given.BY_KEY["suoi"].number})
    assert "Đề nghị nộp giấy tờ." in faults(page)["read-kinship"]
    assert take(counter, address, typed | {"head_number": mother}).status_code == 302
    proof = Dossier.objects.get().papers.get()
    assert (proof.paper, proof.copy) == ("kinship", "register")
    assert "Là:ConCủa:TrầnHạMây" in reading.text(store().read(proof.digest))
    logged = Reading.objects.filter(subject=child, service="population.kinship")
    assert set(logged.values_list("agency", "reader_name")) == {(given.SA_PA, "Phạm Thu Sương")}


def test_the_register_notes_who_looked_someone_up_and_for_which_procedure(counter, line):
    begin(counter)
    (reading_,) = Reading.objects.filter(subject="000196004821")
    assert (reading_.agency, reading_.reader_name, reading_.purpose) == (
        given.SA_PA,
        "Phạm Thu Sương",
        given.procedure(COPY).name_vi,
    )


def test_a_silent_register_stops_nobody(counter, line):
    line.is_cut = True
    address = begin(counter)
    page = counter.get(address).content.decode()
    assert "không trả lời" in page
    assert 'value="Trần Hạ Mây"' in page  # the card said so
    silent = take(counter, address)  # the officer ticked the reading: nothing is waived that nobody has seen
    assert (silent.status_code, "lúc này chưa trả lời" in silent.content.decode()) == (422, True)
    unticked = COPIES | {"read-identity": ""}
    assert "Chưa nộp: Giấy tờ tùy thân." in take(counter, address, unticked).content.decode()
    assert take(counter, address, unticked | {"has-identity": "on"}).status_code == 302
    assert Dossier.objects.get().papers.get().copy == "original"


def test_pressing_twice_takes_one_dossier(counter):
    address = begin(counter)
    first, second = take(counter, address), take(counter, address)
    assert (first["Location"], Dossier.objects.count()) == (second["Location"], 1)


def test_what_must_be_mended_is_said_at_its_place_and_changes_nothing(counter):
    address = begin(counter)
    answer = take(counter, address, COPIES | {"record_of": "", "copies": "0"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.findall(r'href="#id_(record_of|copies)"', page) == ["record_of", "copies"]
    assert (Dossier.objects.count(), Entry.objects.of("dossiers.DossierFiled").count()) == (0, 0)


def test_a_paper_that_is_missing_is_named_and_a_scan_is_kept_while_the_rest_is_mended(counter):
    address = begin(counter, procedure=CERTIFY)
    assert "Chưa nộp" in take(counter, address, CERTIFIED).content.decode()
    picture = SimpleUploadedFile("bang.png", given.picture(), "image/png")
    spoiled = take(counter, address, CERTIFIED | {"pages": "0"}, **{"file-original": picture})
    assert "bang.png" in spoiled.content.decode()
    assert take(counter, address, CERTIFIED, **{"copy-original": "original"}).status_code == 302
    paper = Dossier.objects.get().papers.get()
    assert (paper.paper, paper.media, paper.copy, bool(paper.digest)) == (
        "original",
        "image/png",
        "original",
        True,
    )


def test_a_file_that_is_no_paper_is_refused_with_how_to_mend_it(counter):
    address = begin(counter, procedure=CERTIFY)
    answer = take(counter, address, CERTIFIED, **{"file-original": SimpleUploadedFile("x.exe", b"MZ")})
    assert (answer.status_code, Dossier.objects.count()) == (422, 0)
    assert "#id_file-original" in answer.content.decode()


def test_a_procedure_is_found_by_its_name_without_marks_or_offered_to_choose_from(counter):
    client = counter
    assert begin(client, procedure="cap ban sao trich luc ho tich")
    answer = client.post("/desk/counter/", {"procedure": "ban sao", "who": CARD, "way": "self"})
    assert answer.status_code == 422
    found = re.findall(r'type="radio" name="procedure" value="([\d.]+)"', answer.content.decode())
    assert sorted(found[:2]) == [COPY, CERTIFY]
    nothing = client.post("/desk/counter/", {"procedure": "xyzzy", "who": CARD, "way": "self"})
    assert "Không có thủ tục nào" in nothing.content.decode()


def test_the_post_and_a_proxy_say_who_they_are(counter):
    address = begin(counter, way="proxy")
    assert take(counter, address).status_code == 422
    proxy = {"by-name": "Lý Văn Suối", "by-number": "000094002177", "by-authority": "Giấy ủy quyền số 12"}
    assert take(counter, address, COPIES | proxy).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.channel, dossier.filing["name"], dossier.filing["authority"]) == (
        Channel.DIRECT,
        "Lý Văn Suối",
        "Giấy ủy quyền số 12",
    )
    printed = reading.text(Document.objects.about(dossier).get().content())
    assert "LýVănSuối" in printed
    address = begin(counter, way="post", who="000094002177")
    unread = {"read-identity": "", "has-identity": "on", "by-waybill": "EL123456789VN"}
    assert take(counter, address, COPIES | unread).status_code == 302
    assert Dossier.objects.get(channel=Channel.POST).filing["waybill"] == "EL123456789VN"


def test_what_is_missing_is_asked_for_at_the_counter_with_form_02(counter):
    address = begin(counter)
    assert take(counter, address, verdict="supplement").status_code == 422
    answer = take(counter, address, {}, verdict="supplement", words="Thiếu giấy ủy quyền.")
    dossier = Dossier.objects.get()
    assert (answer.status_code, dossier.state, dossier.code) == (302, State.SUPPLEMENT, None)
    assert list(Document.objects.about(dossier).values_list("kind", "number")) == [
        ("supplement", "1/PBS-BPTNTKQ")
    ]


def test_what_is_put_right_on_paper_is_entered_at_the_counter_and_the_clock_goes_on(counter):
    lacking = {name: value for name, value in COPIES.items() if name != "copies"}
    take(counter, begin(counter), lacking, verdict="supplement", words="Ghi số bản cần cấp.")
    dossier = Dossier.objects.get()
    page, address = f"/desk/dossiers/{dossier.pk}/", f"/desk/dossiers/{dossier.pk}/answers/"
    assert dossier.asked_pages == ["copy"]
    assert address in counter.get(page).content.decode()
    assert address in counter.get(f"{page}papers/").content.decode()
    with pytest.raises(Invalid):  # papers alone are not all that was missing
        actions.resume(dossier, by=given.actor("suong"), papers=[], note="", sent_at=timezone.now())
    wrong = counter.post(address, {"copies": "99", "all-here": "on"})
    assert (wrong.status_code, set(faults(wrong))) == (422, {"copies"})
    counter.post(address, {"copies": "3"})  # something else may still be missing
    dossier.refresh_from_db()
    assert (dossier.answers["copies"], dossier.state) == (3, State.SUPPLEMENT)
    assert counter.post(address, {"copies": "3", "all-here": "on"}).status_code == 302
    assert (
        counter.post(address, {"copies": "4", "all-here": "on"}).status_code == 403
    )  # nothing is asked for now
    dossier.refresh_from_db()
    assert (dossier.answers["copies"], dossier.answers_before, dossier.state) == (
        3,
        {"copies": None},
        State.NEW,
    )
    assert Entry.objects.of("dossiers.AnswersPutRight").get().facts["fields"] == ["copies"]


def test_an_answer_put_right_after_receipt_starts_the_term_anew_and_the_rest_of_the_fee_is_asked_for(counter):
    take(counter, begin(counter))
    dossier = Dossier.objects.get()
    given.pay(dossier)
    words = {"reason": "Ghi nhầm tên và số bản.", "pages": ["applicant", "copy"], "days": "10"}
    assert counter.post(f"/desk/dossiers/{dossier.pk}/supplement/", words).status_code == 302
    own = {name: value for name, value in ANSWERS.items() if name.startswith("applicant_")}
    right = own | {"applicant_name": "Trần Hạ Mây Em", "copies": "7", "all-here": "on"}
    assert counter.post(f"/desk/dossiers/{dossier.pk}/answers/", right).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.applicant_name, dossier.state) == ("Trần Hạ Mây Em", State.FEE)
    assert Charge.objects.about(dossier).get().open == 16000
    read = unescape(counter.get(f"/desk/dossiers/{dossier.pk}/").content.decode())
    for words in ("Trần Hạ Mây Em", "Số bản", "40.000 đ", "56.000 đ", "16.000"):
        assert words in read


def test_a_number_put_right_leads_the_dossier_to_whose_it_is_and_away_from_whose_it_is_not(counter, visitor):
    take(counter, begin(counter))
    dossier, suoi = Dossier.objects.get(), given.account("suoi")
    settle()
    given.pay(dossier)
    assert dossier.code in visitor("may").get("/my/").content.decode()
    words = {"reason": "Nhầm số định danh.", "pages": ["applicant"], "days": "10"}
    counter.post(f"/desk/dossiers/{dossier.pk}/supplement/", words)
    own = {name: value for name, value in ANSWERS.items() if name.startswith("applicant_")}
    right = own | {"applicant_name": suoi.name, "applicant_number": suoi.username, "all-here": "on"}
    assert counter.post(f"/desk/dossiers/{dossier.pk}/answers/", right).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.applicant_name, dossier.applicant_number) == (suoi.name, suoi.username)
    settle(times=2)
    pages = {key: visitor(key).get("/my/").content.decode() for key in ("may", "suoi")}
    assert {key: dossier.code in page for key, page in pages.items()} == {"may": False, "suoi": True}
    assert Entry.objects.of("dossiers.CounterDossierLearned").count() == 2


def test_what_cannot_be_received_leaves_with_form_03_and_stays_in_the_system(counter):
    answer = take(counter, begin(counter), {}, verdict="refuse", words="Nộp tại nơi đã đăng ký.")
    dossier = Dossier.objects.get()
    assert (answer.status_code, dossier.state) == (302, State.REFUSED)
    assert list(Document.objects.about(dossier).values_list("number", flat=True)) == ["1/PTC-BPTNTKQ"]


def test_what_is_given_at_once_needs_no_form_01_but_is_in_the_system(counter):
    address = begin(counter)
    assert take(counter, address, verdict="at_once").status_code == 422
    answer = take(counter, address, verdict="at_once", words="5 bản sao.")
    settle()
    dossier = Dossier.objects.get()
    assert (answer.status_code, dossier.state, bool(dossier.code)) == (302, State.RETURNED, True)
    assert list(Document.objects.about(dossier).values_list("kind", flat=True)) == ["fee"]
    assert [charge.is_paid for charge in Charge.objects.about(dossier)] == [True]
    assert {step.state for step in dossier.steps.all()} == {"done"}
    take(counter, begin(counter), verdict="at_once", words="5 bản sao.", receipt="on")
    settle()
    second = Dossier.objects.exclude(pk=dossier.pk).get()
    kinds = Document.objects.about(second).values_list("kind", flat=True)
    assert sorted(kinds) == ["fee", "receipt"]


def test_only_what_the_law_lets_be_done_on_the_day_is_offered_so(counter):
    address = begin(counter, procedure=given.BIRTH)
    assert 'value="at_once"' not in counter.get(address).content.decode()


def test_a_birth_is_taken_with_what_the_register_knows_of_the_mother(counter):
    """Left empty on the page, filled in on taking: who is the mother follows from the answer above."""
    given.registered("suoi")
    address = begin(counter, procedure=given.BIRTH)
    typed = {**given.ANSWERS, "child_born_on_day": "2", "child_born_on_month": "11", "child_born_on_year": "2026", "has-birth_notice": "on", "read-identity": "on", "person-name": "Trần Hạ Mây", "receive_by": "counter"}  # fmt: skip
    for name in ("mother_name", "mother_number", "mother_birth_year"):
        del typed[name]
    answer = take(counter, address, typed)
    assert answer.status_code == 302, faults(answer)
    dossier = Dossier.objects.get()
    assert (dossier.answers["mother_name"], dossier.answers["mother_number"]) == (
        "Trần Hạ Mây",
        "000196004821",
    )


def test_a_dossier_of_the_same_kind_is_shown_before_another_is_taken(counter):
    take(counter, begin(counter))
    code = Dossier.objects.get().code
    again = counter.get(begin(counter)).content.decode()
    other = counter.get(begin(counter, procedure=CERTIFY)).content.decode()
    stranger = counter.get(begin(counter, who="000094002177")).content.decode()
    assert [code in page for page in (again, other, stranger)] == [True, False, False]


def test_another_dossier_of_the_same_person_needs_no_second_scan(counter):
    take(counter, begin(counter))
    first = Dossier.objects.get()
    page = counter.get(f"/desk/counter/?after={first.pk}").content.decode()
    assert 'value="000196004821"' in page
    answer = counter.post(
        f"/desk/counter/?after={first.pk}", {"procedure": CERTIFY, "who": "000196004821", "way": "self"}
    )
    take(counter, answer["Location"], CERTIFIED, **{"has-original": "on"})
    second = Dossier.objects.exclude(pk=first.pk).get()
    assert second.visit == first.visit


def test_nothing_of_a_counter_dossier_is_sent_to_a_portal_but_the_country_learns_its_state(counter):
    take(counter, begin(counter))
    settled = list(Outbox.objects.order_by("position").values_list("kind", flat=True))
    assert set(settled) == {"dossier.state"}


@pytest.mark.parametrize("key", ["", "may", "thong", "lua", "guong"])
def test_the_counter_is_the_receivers(visitor, line, key):
    given.country()
    given.procedure(COPY)
    answer = visitor(key).get("/desk/counter/")
    assert answer.status_code == (302 if not key else 403)


def test_another_agencys_officer_sees_neither_the_page_nor_the_dossier(counter, visitor):
    address = begin(counter)
    stranger = visitor("man")
    assert stranger.get(address)["Location"] == "/desk/counter/"
    take(counter, address)
    assert stranger.get(f"{address}taken/").status_code == 404


def test_an_officer_does_not_take_their_own_dossier(counter, visitor):
    Dossier.objects.all()
    address = begin(counter, who=given.BY_KEY["suong"].number)
    assert take(counter, address, COPIES | {"read-identity": "", "has-identity": "on"}).status_code == 403
    assert Dossier.objects.count() == 0


def test_a_result_waits_at_the_counter_until_it_is_handed_over(counter, to_sign):
    dossier = to_sign
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency)
    dossier.refresh_from_db()
    actions.sign(dossier, by=given.officer("chair"))
    assert dossier.state == State.DONE
    actions.hand_over(dossier, by=given.officer("receiver"), to="Lý Văn Suối")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.filing["handed_to"]) == (State.RETURNED, "Lý Văn Suối")


def test_a_dossier_that_belongs_elsewhere_goes_there_the_same_day_with_its_papers(counter, visitor):
    address = begin(counter, procedure=CERTIFY)
    nowhere = take(counter, address, CERTIFIED, verdict="forward", **{"has-original": "on"})
    assert nowhere.status_code == 422
    answer = take(
        counter, address, CERTIFIED, verdict="forward", forward_to="ubnd xa bac ha", **{"has-original": "on"}
    )
    assert "Phải chuyển đến đó trước" in counter.get(answer["Location"]).content.decode()
    dossier = Dossier.objects.get()
    assert (dossier.state, dossier.forward_to, Outbox.objects.count()) == (State.NEW, given.BAC_HA, 0)
    assert counter.post(f"/desk/dossiers/{dossier.pk}/forward/").status_code == 302
    settle(times=2)
    dossier.refresh_from_db()
    there = Dossier.objects.get(agency=given.BAC_HA)
    assert (dossier.was_forwarded, there.state, there.channel) == (True, State.NEW, Channel.DIRECT)
    assert (there.applicant_name, there.papers.get().paper, there.filing["brought_to"]) == (
        "Trần Hạ Mây",
        "original",
        given.SA_PA,
    )
    assert there.answers == dossier.answers
    (gone,) = Entry.objects.of("dossiers.DossierForwarded")
    assert (gone.facts["to"], gone.facts["on_time"]) == (given.BAC_HA, True)
    actions.accept(there, by=given.actor("man"))
    assert there.code.startswith(given.BAC_HA)
