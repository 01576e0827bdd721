"""Apply: begin, fill in page by page with what the register knows, check, send, throw away."""

import pytest
from django.urls import reverse
from django.utils import timezone

from motcua.dossiers import actions
from motcua.dossiers.models import Application
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.portal.forms import Answers
from motcua.procedures.schema import Condition
from motcua.registers.population.models import Reading
from tests import given

BEGIN = "/procedures/2.000986/begin/"


@pytest.fixture
def country(db):
    given.country()
    return given.procedure()


def test_where_one_is_reached_stands_on_the_form_until_it_is_answered_otherwise(country):
    application = given.application()
    type(application.account).objects.filter(pk=application.account_id).update(phone="0000004821")
    application.refresh_from_db()
    [group] = [one for one in application.definition.form if "applicant_phone" in {f.id for f in one.fields}]
    page = Answers(group, application)
    assert page.initial["applicant_phone"] == "0000004821"
    assert page.sources == {"applicant_phone": "Từ tài khoản của bạn"}
    # A question of any name may say that the account answers it, also on a condition only.
    [field] = [one for one in group.fields if one.id == "applicant_phone"]
    told = {"id": "shop_phone", "prefill": "account.contact.phone"}
    only = Condition(field="relation", is_="mother")
    for when, found in ((None, "0000004821"), (only, None)):
        other = field.model_copy(update={**told, "prefill_when": when})
        page = Answers(group.model_copy(update={"fields": (other,)}), application)
        assert page.initial == {"shop_phone": found}
    application.answers = {"applicant_phone": None}
    page = Answers(group, application)
    assert (page.initial["applicant_phone"], page.sources) == (None, {})


def begin(client, code=given.SA_PA, *, may_read=True):
    response = client.post(BEGIN, {"agency": code} | ({"may_read": "on"} if may_read else {}))
    return Application.objects.get(), response


def page(application, group):
    return f"/applications/{application.pk}/form/{group}/"


def answers(client, application, group, **typed):
    return client.post(page(application, group), typed)


def test_strangers_sign_in_first(visitor, country):
    assert visitor().get(BEGIN).url == f"/account/login/?next={BEGIN}"


def test_one_chooses_among_the_agencies_of_the_right_level(visitor, country):
    form = visitor("may").get(BEGIN).context["form"]
    assert sorted(form.fields["agency"].widget.choices) == [
        ("H38.02839", "Ủy ban nhân dân xã Bắc Hà"),
        ("H38.03006", "Ủy ban nhân dân phường Sa Pa"),
    ]


def test_the_agency_of_the_last_time_is_chosen_already(visitor, country):
    given.application("may", agency_code=given.BAC_HA)
    assert visitor("may").get(BEGIN).context["form"].initial["agency"] == given.BAC_HA


@pytest.mark.parametrize("may_read", [True, False])
def test_a_register_is_read_only_with_consent_which_is_recorded(visitor, country, line, may_read):
    client = visitor("may")
    assert client.get(BEGIN).context["form"]["may_read"].value() is None
    application, _response = begin(client, may_read=may_read)
    events = Entry.objects.filter(about=application.urn).values_list("event", flat=True)
    said = "dossiers.ReadingAllowed" if may_read else "dossiers.ReadingWithheld"
    assert (said in events, Reading.objects.exists(), bool(application.sources)) == (True, may_read, may_read)
    client.post(f"/applications/{application.pk}/register/", {"group": ""})
    assert Reading.objects.exists()
    assert events.filter(event="dossiers.ReadingAllowed").count() == (2 if may_read else 1)


def test_among_many_agencies_one_types_a_name_without_marks(visitor, country, line):
    for number in range(10):
        add_commune(number)
    client = visitor("may")
    assert "<datalist" in client.get(BEGIN).content.decode()
    application, _response = begin(client, "phuong sa pa")
    assert application.agency == given.SA_PA


def add_commune(number):
    given.AGENCIES[f"H38.0900{number}"] = f"Ủy ban nhân dân xã Thứ {number}"
    given.agency(f"H38.0900{number}")
    del given.AGENCIES[f"H38.0900{number}"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Chọn cơ quan."),
        ("Hà Nội", "Không có cơ quan nào tên như vậy. Chọn một cơ quan trong danh sách."),
        (
            "Ủy ban nhân dân",
            "Có nhiều cơ quan tên gần giống: Ủy ban nhân dân phường Sa Pa, Ủy ban nhân dân xã Bắc Hà.",
        ),
    ],
)
def test_an_agency_that_is_not_clear_is_asked_for_again(visitor, country, typed, said):
    response = visitor("may").post(BEGIN, {"agency": typed})
    assert (response.status_code, response.context["form"].errors["agency"]) == (422, [said])
    assert Application.objects.count() == 0


def test_the_register_is_read_once_and_what_it_says_bears_its_source(visitor, country, line, settings):
    application, response = begin(visitor("may"))
    assert response.url == page(application, "relation")
    kind, sender, recipient, body = line.asked[0]
    assert (len(line.asked), kind, sender, recipient) == (1, "sharing.read", settings.NODE.agency, "G01")
    assert (body["service"], body["dossier"], body["purpose"]) == (
        "population.person",
        str(application.pk),
        application.version.definition.name.vi[:200],
    )
    assert application.answers["child_home_town"] == "Xã Tả Van, tỉnh Lào Cai"
    assert application.sources["child_home_town"]["service"] == "population.person"
    shown = visitor("may").get(page(application, "origin")).context["form"]
    assert shown.sources["child_home_town"].startswith("Từ Cơ sở dữ liệu quốc gia về dân cư, ")


def test_an_answer_lets_more_be_filled_in_without_reading_again(visitor, country, line):
    client = visitor("may")
    application, _response = begin(client)
    answers(client, application, "relation", relation="mother", applicant_phone="0912345678")
    application.refresh_from_db()
    known = given.BY_KEY["may"]
    assert (application.answers["mother_name"], application.answers["mother_number"]) == (
        known.name,
        known.number,
    )
    assert application.answers.get("father_name") is None
    assert len(line.asked) == 1


def test_a_changed_mind_about_who_one_is_takes_back_what_the_register_said(visitor, country, line):
    client = visitor("may")
    application, _response = begin(client)
    answers(client, application, "relation", relation="mother", applicant_phone="0912345678")
    answers(client, application, "relation", relation="father", applicant_phone="0912345678")
    application.refresh_from_db()
    assert application.answers.get("mother_name") is None
    assert application.answers["father_name"] == given.BY_KEY["may"].name


def test_without_an_answer_from_the_register_nothing_is_lost(visitor, country, line):
    client = visitor("may")
    line.is_cut = True
    application, _response = begin(client)
    text = client.get(page(application, "origin")).content.decode()
    assert "Cơ sở dữ liệu quốc gia về dân cư chưa trả lời" in text
    line.is_cut = False
    response = client.post(f"/applications/{application.pk}/register/", {"group": "origin"})
    assert response.url == page(application, "origin")
    application.refresh_from_db()
    assert application.answers["child_home_town"] == "Xã Tả Van, tỉnh Lào Cai"


def test_who_is_not_in_the_register_is_told_and_goes_on_by_hand(visitor, country, line):
    client = visitor("lach")
    application, _response = begin(client)
    text = client.get(page(application, "origin")).content.decode()
    assert "Không mất gì cả" in text
    assert application.sources == {}


def test_on_another_day_the_register_is_offered_and_not_read_unasked(visitor, country, line):
    application = given.application("may")
    text = visitor("may").get(page(application, "origin")).content.decode()
    assert "Điền giúp tôi" in text
    assert line.asked == []


def test_what_does_not_hold_is_said_at_its_field_and_kept_as_typed(visitor, country, line):
    client = visitor("may")
    application, _response = begin(client)
    response = answers(
        client,
        application,
        "child",
        child_surname="Lý",
        child_sex="female",
        child_born_on_day="31",
        child_born_on_month="12",
        child_born_on_year=str(timezone.localdate().year + 1),
    )
    errors = response.context["form"].errors
    assert (response.status_code, sorted(errors)) == (422, ["child_born_on", "child_given_name"])
    assert 'value="Lý"' in response.content.decode()
    assert "child_surname" not in application.answers


def test_fields_that_follow_a_yes_stand_together(visitor, country):
    application = given.application("may")
    blocks = visitor("may").get(page(application, "mother")).context["form"].blocks()
    assert [[field.name for field in block.fields] for block in blocks] == [
        ["mother_known"],
        [
            "mother_number",
            "mother_name",
            "mother_birth_year",
            "mother_ethnicity",
            "mother_nationality",
            "mother_residence",
        ],
    ]
    assert [block.follows_yes for block in blocks] == [False, True]


def test_saving_leads_to_the_next_page_and_from_the_check_back_to_it(visitor, country, line):
    client = visitor("may")
    application = given.application("may", at="filled")
    typed = {"relation": "mother", "applicant_phone": "0912345678"}
    assert client.post(page(application, "relation"), typed).url == page(application, "child")
    back = client.post(f"{page(application, 'relation')}?then=check", typed).url
    assert back == f"/applications/{application.pk}/check/"


def test_a_page_that_is_not_asked_leads_to_the_first_that_is_not_done(visitor, country):
    application = given.application("may")
    assert visitor("may").get(page(application, "nothing")).url == page(application, "relation")


def test_a_draft_is_resumed_where_it_was_left(visitor, country):
    application = given.application("may")
    client = visitor("may")
    resume = reverse("portal:resume", args=[application.pk])
    assert client.get(resume).url == page(application, "relation")
    given.fill_in(application, by=given.actor("may"))
    assert client.get(resume).url == f"/applications/{application.pk}/papers/"


def test_a_draft_goes_on_at_another_device_and_neither_takes_back_what_the_other_wrote(visitor, country):
    computer, telephone = visitor("may"), visitor("may")
    visits = {device.session.session_key for device in (computer, telephone)}
    application = given.application("may")
    resume = reverse("portal:resume", args=[application.pk])
    assert (len(visits), telephone.get(resume).url) == (2, page(application, "relation"))
    typed = {"relation": "mother", "applicant_phone": "0912345678"}
    computer.post(page(application, "relation"), typed)
    assert telephone.get(resume).url == page(application, "child")
    # The page of the first question lay open at the telephone all the while, and is sent from there later.
    given.fill_in(application, by=given.actor("may"), child_given_name="Bình")
    telephone.post(page(application, "relation"), typed | {"applicant_phone": "0987654321"})
    for device in (computer, telephone):
        pages = device.get(f"/applications/{application.pk}/check/").context["pages"]
        said = {fact.label: fact.value for one in pages for fact in one.facts}
        assert (said["Tên"], said["Số điện thoại của bạn"]) == ("Bình", "0987654321")
    assert Application.objects.count() == 1


def test_the_check_shows_every_answer_as_it_will_be_sent(visitor, country):
    application = given.application("may", at="filled")
    response = visitor("may").get(f"/applications/{application.pk}/check/")
    said = {fact.label: fact.value for one in response.context["pages"] for fact in one.facts}
    assert (said["Tên"], said["Giới tính"]) == ("An", "Nữ")
    # A file stands under what it was given as, whatever a telephone called it.
    titles = [title for title, _file in response.context["papers"]]
    assert titles == [application.definition.papers[0].name.vi]
    assert response.context["missing"] == []
    assert f'action="/applications/{application.pk}/send/"' in response.content.decode()


def test_what_is_missing_stands_on_the_check_and_cannot_be_sent(visitor, country):
    application = given.application("may")
    client = visitor("may")
    response = client.get(f"/applications/{application.pk}/check/")
    assert response.context["missing"][0] == "Bạn là ai của bé?"
    assert f'action="/applications/{application.pk}/send/"' not in response.content.decode()
    client.post(f"/applications/{application.pk}/send/")
    application.refresh_from_db()
    assert application.is_draft


def test_sending_puts_it_on_its_way_once(visitor, country):
    application = given.application("may", at="filled")
    client, url = visitor("may"), f"/applications/{application.pk}/send/"
    assert client.post(url).url == client.post(url).url == f"/applications/{application.pk}/"
    assert Outbox.objects.filter(kind="dossier.submitted").count() == 1


def test_a_draft_is_thrown_away_with_all_in_it(visitor, country):
    application = given.application("may", at="filled")
    assert visitor("may").post(f"/applications/{application.pk}/discard/").url == "/my/"
    assert Application.objects.count() == 0
    assert Entry.objects.filter(event="dossiers.ApplicationDiscarded").count() == 1


@pytest.mark.parametrize("path", ["resume/", "check/", "papers/", "form/relation/", ""])
def test_other_peoples_applications_do_not_exist(visitor, country, path):
    application = given.application("may")
    url = f"/applications/{application.pk}/{path}"
    assert visitor("doi").get(url).status_code == 404
    assert visitor("lam").get(url).status_code == 404
    assert visitor().get(url).url == f"/account/login/?next={url}"


@pytest.mark.parametrize("path", ["send", "discard", "register"])
def test_nobody_acts_on_other_peoples_applications(visitor, country, path):
    application = given.application("may", at="filled")
    assert visitor("doi").post(f"/applications/{application.pk}/{path}/").status_code == 404
    application.refresh_from_db()
    assert application.is_draft


def test_what_was_sent_is_followed_and_no_longer_filled_in(visitor, country):
    application = given.application("may", at="sent")
    client = visitor("may")
    assert client.get(page(application, "child")).url == f"/applications/{application.pk}/"
    assert client.get(f"/applications/{application.pk}/check/").url == f"/applications/{application.pk}/"


def test_what_cannot_be_filed_here_cannot_be_begun(visitor, country):
    assert visitor("may").get("/procedures/9.999999/begin/").status_code == 404


def test_a_page_of_questions_takes_few_queries(visitor, country, django_assert_max_num_queries):
    application = given.application("may", at="filled")
    client = visitor("may")
    with django_assert_max_num_queries(12):
        client.get(page(application, "mother"))
    with django_assert_max_num_queries(12):
        client.get(f"/applications/{application.pk}/check/")
    with django_assert_max_num_queries(12):
        client.get(BEGIN)


def test_pages_are_in_english_for_who_wants_it(visitor, country):
    application = given.application("may")
    client = visitor("may")
    client.cookies["language"] = "en"
    text = client.get(page(application, "child")).content.decode()
    assert "<h1>The child</h1>" in text
    assert "Save and continue" in text


def test_refusals_of_the_action_stay_with_the_action(visitor, country):
    application = given.application("may", at="filled")
    actions.send(application, by=given.actor("may"))
    assert (
        visitor("may").post(f"/applications/{application.pk}/discard/").url
        == f"/applications/{application.pk}/"
    )
    assert Application.objects.count() == 1


def test_stations_behind_can_be_gone_back_to_and_those_ahead_are_only_named(visitor, country):
    application = given.application("may", at="filled")
    response = visitor("may").get(f"/applications/{application.pk}/papers/")
    assert [bool(link.url) for link in response.context["stations"]] == [True, True, False, False, False]


def test_the_header_names_the_node_and_not_the_page(visitor, country):
    application = given.application("may")
    text = visitor("may").get(page(application, "mother")).content.decode()
    assert '<small lang="vi">Nút thử</small>' in text
    assert "Phần 5 trên 9" in text
