"""Signing in with an identity kept elsewhere, by a provider of another make; what is wrong with its answer is refused in words."""

import re
import time
from dataclasses import replace

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.people import actions
from motcua.people.identities import Identity
from motcua.people.models import Account, Admission
from tests import given
from tests.people.elsewhere import CLIENT, FOREIGN, SECRET, Elsewhere

pytestmark = pytest.mark.django_db
BEGIN, BACK, END = "/account/identity/", "/account/identity/callback/", "/account/identity/logout/"


@pytest.fixture
def elsewhere(settings):
    there = Elsewhere()
    changes = {"identity_issuer": there.url, "identity_client": CLIENT}
    settings.NODE = settings.NODE.model_copy(update=changes)
    settings.KEYS.mkdir()
    (settings.KEYS / "identity.key").write_text(SECRET)
    yield there
    there.close()


@pytest.fixture
def visitor():
    return Client()


def arrive(visitor, elsewhere, *, goal="/my/"):
    _asked, answer = elsewhere.agree(visitor.get(BEGIN, {"next": goal})["Location"])
    return visitor.get(BACK, answer)


def signed_in(visitor):
    return "_auth_user_id" in visitor.session


def words(page):
    return re.search(r'class="lead">(.*?)\n', page.content.decode())[1].strip()


def test_the_question_asks_for_no_more_than_is_needed_and_is_bound_to_this_browser(visitor, elsewhere):
    asked, _answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    assert {name: asked[name] for name in ("client_id", "response_type", "code_challenge_method")} == {
        "client_id": CLIENT,
        "response_type": "code",
        "code_challenge_method": "S256",
    }
    assert set(asked["scope"].split()) == {"openid", "profile", "personal_number"}
    assert [len(asked[name]) >= 16 for name in ("state", "nonce", "code_challenge")] == [True] * 3


def test_someone_without_an_account_gets_one_without_posts_and_is_let_in(visitor, elsewhere):
    answer = arrive(visitor, elsewhere)
    account = Account.objects.get()
    assert (answer.status_code, answer["Location"], signed_in(visitor)) == (302, "/my/", True)
    assert (account.username, account.name, account.assurance) == ("000196004821", "Trần Hạ Mây", 2)
    assert (account.appointments.count(), account.has_usable_password()) == (0, False)


def test_an_officer_keeps_their_account_and_posts(visitor, elsewhere):
    lua = given.account("lua")
    elsewhere.person |= {"personal_number": lua.username}
    arrive(visitor, elsewhere)
    assert (Account.objects.count(), visitor.session["_auth_user_id"]) == (1, str(lua.pk))


def test_who_comes_again_is_the_same_person_whatever_their_name_is_now(visitor, elsewhere):
    arrive(visitor, elsewhere)
    elsewhere.person |= {"name": "Trần Thị Hạ Mây"}
    arrive(Client(), elsewhere)
    assert (Account.objects.count(), SocialAccount.objects.count(), Admission.objects.count()) == (1, 1, 2)
    assert Entry.objects.filter(event="people.IdentityRecognised").count() == 1


def test_a_personal_number_only_the_userinfo_names_is_enough(visitor, elsewhere):
    del elsewhere.person["personal_number"]
    elsewhere.userinfo = {"sub": "n-1", "personal_number": "000196004821"}
    arrive(visitor, elsewhere)
    assert Account.objects.get().username == "000196004821"


def test_a_level_said_elsewhere_is_never_less_than_the_one_shown_here(visitor, elsewhere):
    may = given.account("may")
    elsewhere.person |= {"acr": "LoA1"}
    arrive(visitor, elsewhere)
    assert Account.objects.get(pk=may.pk).assurance == 2


def test_the_way_back_never_leads_to_another_site(visitor, elsewhere):
    assert arrive(visitor, elsewhere, goal="https://evil.example/")["Location"] == "/"


WRONG = {
    "of another issuer": (
        {"iss": "https://giả.example"},
        "phản hồi không phải của hệ thống định danh đã đăng ký",
    ),
    "for another service": ({"aud": "cong-khac"}, "phản hồi dành cho một dịch vụ khác"),
    "for two services": ({"aud": [CLIENT, "cong-khac"]}, "phản hồi dành cho một dịch vụ khác"),
    "handed to another": ({"azp": "cong-khac"}, "phản hồi dành cho một dịch vụ khác"),
    "expired": ({"exp": int(time.time()) - 300}, "phản hồi của hệ thống định danh đã quá hạn"),
    "of another sign-in": ({"nonce": "cu"}, "phản hồi thuộc về một lần đăng nhập khác"),
    "without a nonce": ({"nonce": None}, "phản hồi của hệ thống định danh thiếu thông tin"),
    "about nobody": ({"sub": None}, "phản hồi của hệ thống định danh thiếu thông tin"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_answer_that_does_not_hold_opens_nothing_and_says_why(visitor, elsewhere, case):
    elsewhere.wrong, why = WRONG[case]
    page = arrive(visitor, elsewhere)
    assert (page.status_code, words(page)) == (403, f"Đăng nhập không thành công: {why}.")
    assert (signed_in(visitor), Account.objects.count()) == (False, 0)


def test_a_foreign_key_is_no_signature(visitor, elsewhere):
    elsewhere.key = FOREIGN
    page = arrive(visitor, elsewhere)
    assert words(page) == "Đăng nhập không thành công: phản hồi không mang chữ ký của hệ thống định danh."
    assert not signed_in(visitor)


def test_an_issuer_that_calls_itself_otherwise_is_not_asked(visitor, elsewhere):
    elsewhere.names_itself = "https://khac.example"
    page = visitor.get(BEGIN)
    assert (page.status_code, "không phải của hệ thống định danh đã đăng ký" in words(page)) == (403, True)


def test_a_code_handed_in_twice_is_good_once(visitor, elsewhere):
    _asked, answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    visitor.get(BACK, answer)
    again = Client()
    asked, _own = elsewhere.agree(again.get(BEGIN)["Location"])
    page = again.get(BACK, {"code": answer["code"], "state": asked["state"]})
    assert (page.status_code, "không xác nhận lần đăng nhập này" in words(page)) == (403, True)
    assert not signed_in(again)


def test_a_code_for_another_browser_is_useless_here(visitor, elsewhere):
    _asked, stolen = elsewhere.agree(visitor.get(BEGIN)["Location"])
    thief = Client()
    asked, _own = elsewhere.agree(thief.get(BEGIN)["Location"])
    page = thief.get(BACK, {"code": stolen["code"], "state": asked["state"]})
    assert (page.status_code, signed_in(thief)) == (403, False)


@pytest.mark.parametrize("state", ["", "khong-phai-cua-toi"])
def test_an_answer_nobody_asked_for_is_refused(visitor, elsewhere, state):
    _asked, answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    page = Client().get(BACK, answer | {"state": state})
    assert (page.status_code, "cửa sổ khác" in words(page)) == (403, True)


def test_the_same_answer_is_taken_once(visitor, elsewhere):
    _asked, answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    visitor.get(BACK, answer)
    assert visitor.get(BACK, answer).status_code == 403


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("access_denied", "Bạn đã chọn không đăng nhập"),
        ("unmet_authentication_requirements", "mức độ 2"),
        ("server_error", "không xác nhận"),
    ],
)
def test_what_the_issuer_refuses_is_said_in_words(visitor, elsewhere, error, said):
    asked, _answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    page = visitor.get(BACK, {"error": error, "state": asked["state"]})
    assert (page.status_code, said in words(page)) == (403, True)


def test_an_issuer_that_is_away_is_said_to_be_away(visitor, elsewhere):
    _asked, answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    elsewhere.close()
    pages = [visitor.get(BEGIN), visitor.get(BACK, answer)]
    assert [(page.status_code, "chưa trả lời" in words(page)) for page in pages] == [(403, True)] * 2


def test_a_node_that_needs_level_two_asks_for_it_and_believes_only_it(visitor, elsewhere, settings):
    settings.NODE = settings.NODE.model_copy(update={"identity_level": 2})
    asked, _answer = elsewhere.agree(visitor.get(BEGIN)["Location"])
    elsewhere.person |= {"acr": "LoA1"}
    page = arrive(visitor, elsewhere)
    assert (asked["acr_values"], page.status_code, "mức độ 2" in words(page)) == ("LoA2", 403, True)


def test_a_node_that_asks_nobody_has_no_such_pages(visitor):
    assert [visitor.get(BEGIN).status_code, visitor.get(BACK).status_code, visitor.post(END).status_code] == [
        404
    ] * 3


def test_the_page_of_signing_in_offers_the_identity_first_and_the_password_behind(visitor, elsewhere):
    html = visitor.get("/account/login/?way=password&next=/my/").content.decode()
    first, behind = html.index("tài khoản định danh điện tử"), html.index('name="password"')
    assert (first < html.index("<details") < behind, f'{BEGIN}?next=%2Fmy%2F"' in html) == (True, True)


# Accounts and identities

MAY = Identity("https://dinh-danh.example", "n-1", "000196004821", "Trần Hạ Mây", 2)


def test_an_identity_belongs_to_one_personal_number():
    actions.recognise(MAY, by=given.SYSTEM)
    with pytest.raises(Invalid, match="một số định danh cá nhân khác"):
        actions.recognise(replace(MAY, number="000094002177"), by=given.SYSTEM)


def test_the_same_subject_of_another_issuer_is_another_identity():
    actions.recognise(MAY, by=given.SYSTEM)
    other = actions.recognise(
        replace(MAY, issuer="https://khac.example", number="000094002177"), by=given.SYSTEM
    )
    assert other.username == "000094002177"


@pytest.mark.parametrize("number", ["", "12", "not a number"])
def test_without_a_whole_personal_number_nobody_is_recognised(number):
    with pytest.raises(Invalid, match="không cung cấp số định danh"):
        actions.recognise(replace(MAY, number=number), by=given.SYSTEM)
    assert Account.objects.count() == 0


def test_only_the_system_takes_another_nodes_word():
    with pytest.raises(Refused):
        actions.recognise(MAY, by=given.actor("may"))


# Signing out


def test_signing_out_here_goes_on_where_the_identity_is_kept(visitor, elsewhere):
    arrive(visitor, elsewhere)
    answer = visitor.post("/account/logout/")
    place, _mark, told = answer["Location"].partition("?")
    assert (place, "id_token_hint=ey" in told, f"client_id={CLIENT}" in told) == (
        f"{elsewhere.url}/end",
        True,
        True,
    )
    assert not signed_in(visitor)


def test_the_forms_of_signing_in_may_lead_on_to_the_issuer_and_no_further(visitor, elsewhere):
    arrive(visitor, elsewhere)
    policy = visitor.get("/account/")["Content-Security-Policy"]
    assert f"form-action 'self' {elsewhere.url};" in f"{policy};"


def test_a_session_ends_when_the_issuer_says_so(visitor, elsewhere):
    arrive(visitor, elsewhere)
    answer = Client(enforce_csrf_checks=True).post(END, {"logout_token": elsewhere.logout_token()})
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert (visitor.get("/account/").status_code, Admission.objects.count()) == (302, 0)
    assert Entry.objects.filter(event="people.SessionsDismissed").count() == 1


def test_all_sessions_of_a_person_end_when_no_single_one_is_named(visitor, elsewhere):
    arrive(visitor, elsewhere)
    arrive(Client(), elsewhere)
    answer = visitor.post(END, {"logout_token": elsewhere.logout_token(sid=None, sub="n-1")})
    assert (answer.status_code, Admission.objects.count()) == (200, 0)


NO_END = {
    "of another issuer": {"iss": "https://gia.example"},
    "for another service": {"aud": "cong-khac"},
    "expired": {"exp": int(time.time()) - 300},
    "an identity token": {"nonce": "x"},
    "no event": {"events": {}},
    "events of another kind": {"events": "backchannel-logout"},
    "of nobody": {"sid": None},
    "without a number of its own": {"jti": None},
}


@pytest.mark.parametrize("case", NO_END)
def test_a_word_that_does_not_hold_ends_no_session(visitor, elsewhere, case):
    arrive(visitor, elsewhere)
    answer = visitor.post(END, {"logout_token": elsewhere.logout_token(**NO_END[case])})
    assert (answer.status_code, answer.json()["error"], signed_in(visitor)) == (400, "invalid_request", True)
    assert visitor.get("/account/").status_code == 200


def test_a_word_signed_by_another_or_said_twice_is_refused(visitor, elsewhere):
    token = elsewhere.logout_token()
    elsewhere.key = FOREIGN
    forged = elsewhere.logout_token()
    answers = [visitor.post(END, {"logout_token": one}).status_code for one in (token, token, forged, "")]
    assert answers == [200, 400, 400, 400]
