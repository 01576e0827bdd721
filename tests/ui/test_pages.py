"""Theme, language, error pages, headers."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse, set_urlconf
from django.utils import translation

from motcua.ui import views
from motcua.ui.addresses import address

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; script-src 'none'"
)


@pytest.fixture
def request_(rf):
    request = rf.get(
        "/dossiers/H38/", headers={"host": "testserver", "referer": "http://testserver/dossiers/?page=2"}
    )
    request.user = None
    return request


def test_a_browser_may_do_only_what_pages_need(client):
    response = client.get("/ui/")
    assert response["Content-Security-Policy"] == POLICY
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=(), microphone=(), geolocation=()")
    assert "Cache-Control" not in response


def test_an_address_is_worked_out_once_for_the_addresses_there_are():
    key = "1f2e"
    assert [address("ui:stylesheet", key), address("ui:stylesheet", key)] == [
        reverse("ui:stylesheet", args=[key])
    ] * 2
    known = Template('{% url "ui:stylesheet" key %}{% url "ui:language" as kept %}{{ kept }}')
    assert known.render(Context({"key": "<"})) == reverse("ui:stylesheet", args=["<"]) + reverse(
        "ui:language"
    )
    set_urlconf("motcua.tracking.urls")
    try:
        with pytest.raises(NoReverseMatch):
            address("ui:stylesheet", key)
    finally:
        set_urlconf(None)


def test_pages_of_the_signed_in_are_not_kept_by_a_shared_machine(client, settings):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x"
    assert client.get("/no-such-page/")["Cache-Control"] == "private, no-store"
    stylesheet = client.get("/ui/any.css")
    assert stylesheet["Cache-Control"] == "no-cache"


def test_the_gallery_speaks_both_languages(client):
    assert "<title>Bộ thành phần – Một Cửa</title>" in client.get("/ui/").content.decode().replace(
        "Lỗi: ", ""
    )
    english = client.get("/ui/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in english
    assert "There is no thirty-first." in english


@pytest.mark.parametrize("chosen", ["light", "dark", "contrast"])
def test_a_theme_is_remembered(client, chosen):
    response = client.post("/ui/theme/", {"theme": chosen, "next": "/ui/?a=1"})
    assert (response.status_code, response["Location"]) == (302, "/ui/?a=1")
    assert f'<html lang="vi" data-theme="{chosen}">' in client.get("/ui/").content.decode()


@pytest.mark.parametrize("chosen", ["", "pink", '"><script>'])
def test_any_other_theme_is_that_of_the_device(client, chosen):
    client.post("/ui/theme/", {"theme": "dark"})
    client.post("/ui/theme/", {"theme": chosen})
    assert '<html lang="vi">' in client.get("/ui/").content.decode()


def test_a_forged_theme_cookie_is_ignored(client):
    client.cookies["theme"] = '"><script>'
    assert '<html lang="vi">' in client.get("/ui/").content.decode()


def test_a_language_is_remembered(client):
    client.post("/ui/language/", {"language": "en", "next": "/ui/"})
    assert '<html lang="en">' in client.get("/ui/").content.decode()
    client.post("/ui/language/", {"language": "vi", "next": "/ui/"})
    assert '<html lang="vi">' in client.get("/ui/").content.decode()


def test_an_unknown_language_changes_nothing(client, settings):
    response = client.post("/ui/language/", {"language": "xx", "next": "/ui/"})
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize(
    "target",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "///evil.example",
        "javascript:alert(1)",
        "ui/",
    ],
)
@pytest.mark.parametrize("switch", ["theme", "language"])
def test_a_switch_never_leads_elsewhere(client, switch, target):
    response = client.post(f"/ui/{switch}/", {switch: "en", "next": target})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("switch", ["theme", "language"])
def test_following_a_link_switches_nothing(client, switch):
    assert client.get(f"/ui/{switch}/").status_code == 405


def test_a_missing_page_says_what_where_and_how_to_mend_it(client):
    response = client.get("/no-such-page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "<h1>Cửa này không mở ra đâu cả</h1>" in page
    assert "Hồ sơ của bạn không bị ảnh hưởng." in page
    assert '<a class="button" href="/">Về trang đầu</a>' in page


def test_a_refusal_says_why_and_offers_to_sign_in(request_):
    response = views.forbidden(request_, PermissionDenied("Chỉ cán bộ hộ tịch mới được mở."))
    page = response.content.decode()
    assert response.status_code == 403
    assert "Chỉ cán bộ hộ tịch mới được mở." in page
    assert "?next=/dossiers/H38/" in page


def test_words_of_a_refusal_are_escaped(request_):
    assert "<b>x" not in views.forbidden(request_, PermissionDenied("<b>x")).content.decode()


def test_what_cannot_be_read_is_a_400_and_what_is_too_large_a_413(request_):
    assert views.bad_request(request_, SuspiciousOperation()).status_code == 400
    response = views.bad_request(request_, RequestDataTooBig())
    assert response.status_code == 413
    assert '<a class="button" href="/dossiers/?page=2">Quay lại</a>' in response.content.decode()


def test_a_page_open_too_long_keeps_what_was_typed(request_):
    response = views.csrf_failure(request_)
    assert response.status_code == 403
    assert "<h1>Trang này mở đã quá lâu</h1>" in response.content.decode()


def test_a_broken_server_still_says_so_without_a_database(request_):
    del request_.user
    response = views.broken(request_)
    assert response.status_code == 500
    assert "<h1>Lỗi ở phía chúng tôi, không phải ở bạn</h1>" in response.content.decode()


def test_error_pages_speak_english_too(client):
    with translation.override("en"):
        page = client.get("/no-such-page/", headers={"accept-language": "en"}).content.decode()
    assert "<h1>This door opens onto nothing</h1>" in page


def test_one_never_goes_back_to_another_site(rf):
    request = rf.get("/x/", headers={"referer": "https://evil.example/x/"})
    assert views.face(request)["face"].back == "/"


def test_after_a_refused_form_a_switch_leads_back_to_the_page_with_the_form(rf):
    request = rf.post("/d/1/accept/", headers={"host": "testserver", "referer": "http://testserver/d/1/"})
    assert views.face(request)["face"].here == "/d/1/"
