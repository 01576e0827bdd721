"""Appointments at one's own agency."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.people.models import Account, Appointment
from tests import given

TODAY = timezone.localdate
NUMBER = given.BY_KEY["may"].number


@pytest.fixture
def administrator(visitor):
    given.account("lam")
    given.account("man")
    return visitor("thong")


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def posts_of(code=given.SA_PA):
    return Appointment.objects.in_force().filter(post__agency=code).values_list("account__name", flat=True)


def test_an_administrator_sees_the_posts_of_their_agency_only(administrator):
    page = administrator.get("/desk/people/")
    names = [appointment.account.name for appointment in page.context["appointments"]]
    assert names == ["Hoàng Đức Thông", "Đỗ Minh Lâm"]


def test_a_person_is_appointed_by_their_number(administrator):
    given.account("may")
    post = Appointment.objects.get(account__username=given.BY_KEY["lam"].number).post
    answer = administrator.post("/desk/people/", {"number": NUMBER, "post": post.pk, **day("since", TODAY())})
    assert (answer.status_code, sorted(posts_of())) == (
        302,
        ["Hoàng Đức Thông", "Trần Hạ Mây", "Đỗ Minh Lâm"],
    )


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("", "Nhập số định danh"),
        ("123", "Số định danh cá nhân gồm 12 chữ số."),
        ("000000000000", "Chưa có tài khoản nào mang số này. Xem lại từng chữ số."),
    ],
)
def test_a_wrong_number_is_answered_at_the_field(administrator, number, says):
    post = Appointment.objects.get(account__username=given.BY_KEY["lam"].number).post
    answer = administrator.post("/desk/people/", {"number": number, "post": post.pk, **day("since", TODAY())})
    assert (answer.status_code, answer.context["form"].errors["number"]) == (422, [says])


def test_nobody_is_appointed_twice(administrator):
    post = Appointment.objects.get(account__username=given.BY_KEY["lam"].number).post
    number = given.BY_KEY["lam"].number
    answer = administrator.post("/desk/people/", {"number": number, "post": post.pk, **day("since", TODAY())})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["number"])


def test_a_post_of_another_agency_cannot_be_given(administrator):
    given.account("may")
    foreign = Appointment.objects.filter(post__agency=given.BAC_HA).first().post
    answer = administrator.post(
        "/desk/people/", {"number": NUMBER, "post": foreign.pk, **day("since", TODAY())}
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["post"])


def test_an_appointment_ends_with_its_last_day(administrator):
    held = Appointment.objects.get(account__username=given.BY_KEY["lam"].number)
    answer = administrator.post(f"/desk/people/{held.pk}/end/", day("on", TODAY()))
    held.refresh_from_db()
    assert (answer.status_code, held.valid_to) == (302, TODAY())


def test_a_post_is_not_left_before_it_was_taken(administrator):
    held = Appointment.objects.get(account__username=given.BY_KEY["lam"].number)
    answer = administrator.post(
        f"/desk/people/{held.pk}/end/", day("on", held.valid_from - timedelta(days=1))
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["on"])


def test_an_appointment_of_another_agency_is_not_found(administrator):
    foreign = Appointment.objects.filter(post__agency=given.BAC_HA).first()
    assert administrator.post(f"/desk/people/{foreign.pk}/end/", day("on", TODAY())).status_code == 404


def test_one_does_not_end_ones_own_appointment_from_the_list(administrator):
    own = Appointment.objects.get(account__username=given.BY_KEY["thong"].number)
    assert f"/desk/people/{own.pk}/end/" not in administrator.get("/desk/people/").content.decode()


def test_a_card_shown_at_the_counter_makes_level_two(visitor):
    lach = given.account("lach")
    suong, typed = visitor("suong"), {"number": given.BY_KEY["lach"].number, "purpose": "level", "seen": "on"}
    assert suong.post("/desk/identity/", typed | {"seen": ""}).status_code == 422
    assert suong.post("/desk/identity/", typed | {"number": "000000000000"}).status_code == 422
    assert suong.post("/desk/identity/", typed | {"number": given.BY_KEY["suong"].number}).status_code == 422
    assert visitor("lam").post("/desk/identity/", typed).status_code == 403
    lach.refresh_from_db()
    assert lach.assurance == 1
    for _time in range(2):
        assert suong.post("/desk/identity/", typed).status_code == 302
    lach.refresh_from_db()
    assert lach.assurance == 2


def test_a_one_time_password_is_shown_once_at_the_counter(visitor):
    suong = visitor("suong")
    card = "000191007777||Hà Thị Ban|01011991|Nữ|Sa Pa|01012022"
    page = suong.post("/desk/identity/", {"number": card, "purpose": "password", "seen": "on"})
    password = page.context["password"]
    account = Account.objects.get(username="000191007777")
    assert (page.status_code, password in page.content.decode(), page["Cache-Control"].count("no-store")) == (
        200,
        True,
        1,
    )
    assert (account.name, account.check_password(password)) == ("Hà Thị Ban", True)
    assert password not in suong.get("/desk/identity/").content.decode()
