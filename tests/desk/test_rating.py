"""Whoever filed at a counter says how it was: once, with the receipt in hand, and nobody else does it for them."""

import pytest

from motcua.dossiers import actions
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import State
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor
from motcua.people.tries import MOST
from motcua.tracking.models import Rating
from tests import given
from tests.post import settle

RECEIPT = Actor.system("receipt")
SAID = {"overall": 3, "convenience": 2, "timeliness": 1, "attitude": 3}


@pytest.fixture
def finished(accepted):
    """Brought to Sa Pa's own counter, and the result is taken home; the number on the receipt ends in 4821."""
    (dossier,) = accepted(99)
    Dossier.objects.filter(pk=dossier.pk).update(origin=dossier.agency, state=State.RETURNED)
    dossier.refresh_from_db()
    return dossier


def rate(dossier, digits="4821", **changes):
    return actions.rate_by_receipt(dossier, by=RECEIPT, digits=digits, rating=SAID | changes)


def test_a_rating_by_the_receipt_counts_once_here_and_in_the_country(finished):
    assert rate(finished)
    assert rate(finished, overall=1) is False
    settle(times=2)
    finished.refresh_from_db()
    events = Entry.objects.filter(about=finished.urn, event__endswith="RatingTaken")
    assert (finished.rating, events.count(), Rating.objects.count()) == (SAID, 1, 1)
    assert {name: events[0].facts[name] for name in ("agency", *SAID)} == {"agency": given.SA_PA, **SAID}


def test_only_the_machine_rates_and_only_what_is_finished_and_was_filed_here(finished):
    with pytest.raises(Refused):
        actions.rate_by_receipt(finished, by=given.officer("receiver"), digits="4821", rating=SAID)
    with pytest.raises(Invalid):
        rate(finished, overall=4)
    for changes in ({"state": State.PROCESSING}, {"origin": "G22"}):
        kept = {name: getattr(finished, name) for name in changes}
        Dossier.objects.filter(pk=finished.pk).update(**changes)
        assert rate(finished) is False
        Dossier.objects.filter(pk=finished.pk).update(**kept)
    finished.refresh_from_db()
    assert finished.rating is None


def test_who_has_no_personal_number_is_known_by_the_telephone(finished):
    Dossier.objects.filter(pk=finished.pk).update(applicant_number="", contact={"phone": "0912 345 678"})
    assert (rate(finished, "4821"), rate(finished, "5678")) == (False, True)
    Dossier.objects.filter(pk=finished.pk).update(rating=None, contact={})
    assert rate(finished, "") is False


def test_an_address_has_a_few_tries_and_keeps_nobody_else_from_rating(finished, client):
    told = SAID | {"code": f" {finished.code.lower()} ", "digits": "1234"}
    before, answers = Entry.objects.count(), set()
    for number in range(MOST):
        page = client.post(
            "/rate/", told | {"code": f"H38.99999-261116-{number:04d}"} if number % 2 else told
        )
        answers.add((page.status_code, why(page)))
    page = client.post("/rate/", told | {"digits": "4821"})
    assert "Mời bạn thử lại vào ngày mai" in page.content.decode()
    finished.refresh_from_db()
    assert (len(answers), Entry.objects.count(), finished.rating) == (1, before, None)
    elsewhere = {"REMOTE_ADDR": "2001:db8::1"}
    assert client.post("/rate/", told | {"digits": "4821"}, **elsewhere).status_code == 302
    for digits in ("4821", "1234"):
        page = client.post("/rate/", told | {"digits": digits}, REMOTE_ADDR="2001:db8::2")
        answers.add((page.status_code, why(page)))
    assert len(answers) == 1
    assert "không khớp nhau" in answers.pop()[1]


def why(page):
    """All the page says is amiss."""
    return str(page.context["form"].errors)


def test_the_page_takes_it_from_the_code_on_the_receipt_and_says_what_is_amiss(finished, client):
    assert f'value="{finished.code}"' in client.get(f"/rate/?code={finished.code}").content.decode()
    page = client.post("/rate/", {"code": "H38", "digits": "12"}).content.decode()
    assert ("chưa phải mã hồ sơ" in page, "Nhập đúng tám chữ và số" in page, "Chọn một trong ba" in page) == (
        True,
        True,
        True,
    )
    told = SAID | {"code": finished.code, "digits": "4821"}
    unknown = client.post("/rate/", told | {"code": "H38.99999-261116-0042"})
    assert (unknown.status_code, "không khớp nhau" in unknown.content.decode()) == (422, True)
    answer = client.post("/rate/", told)
    assert (answer.status_code, answer["Location"]) == (302, "/rate/thanks/")
    assert "Đánh giá đã được ghi nhận" in client.get("/rate/thanks/").content.decode()
    again = client.post("/rate/", told)
    assert "mỗi hồ sơ chỉ đánh giá một lần" in again.content.decode()
