"""Who holds a step that may ask for what is missing, or end the work, does so: with the buttons, and the three days of form 02."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.clock import ask_by
from motcua.dossiers.models import Dossier
from motcua.dossiers.reactions import give_request
from motcua.journal.models import Entry
from motcua.journal.tasks import event_of
from motcua.lib.actions import Invalid, Refused, may
from motcua.organisations.models import calendar_for
from tests import given

# Examined by a specialist alone; the civil-status officer has no step in it.
HEARTH = "1.004194"


@pytest.fixture
def examined(accepted):
    """A dossier a specialist of Sa Pa examines."""
    (dossier,) = accepted(40, procedure=HEARTH, name="Lưu Thị Sim", number="000071002654")
    if dossier.state == Dossier.State.FEE:
        actions.waive_fee(dossier, by=given.officer("receiver"), reason="Thuộc diện được miễn.")
    return dossier


def test_the_specialist_who_examines_asks_for_what_is_missing(visitor, examined):
    assert [may(given.actor(key), "dossiers.request_supplement", examined) for key in ("dua", "lua")] == [
        True,
        False,
    ]
    page = visitor("dua").get(f"/desk/dossiers/{examined.pk}/").content.decode()
    until = ask_by(examined, calendar_for(given.SA_PA))
    assert page.count("phải gửi mẫu 02 trước") == 1
    assert f"{timezone.localtime(until):%d/%m/%Y}" in page
    address = f"/desk/dossiers/{examined.pk}/supplement/"
    assert visitor("dua").post(address, {"reason": "Thiếu giấy tờ chứng minh chỗ ở."}).status_code == 302
    examined.refresh_from_db()
    told = Entry.objects.about(examined).get(event="dossiers.SupplementRequested")
    assert (examined.state, told.actor["name"], told.facts["is_late"]) == (
        Dossier.State.SUPPLEMENT,
        "Mùa A Dứa",
        False,
    )
    give_request(event_of(told), told)
    assert Document.objects.about(examined).filter(kind="supplement").count() == 1


def test_after_three_working_days_form_02_is_late_and_says_so(visitor, examined):
    """Warned of on the last day for it, marked once it is over; asked for all the same, for the applicant can mend it."""
    calendar, code = calendar_for(given.SA_PA), {"pk": examined.pk}
    client, now = visitor("dua"), timezone.now()
    wednesday = datetime(2026, 11, 4, 9, tzinfo=calendar.zone)  # Thursday, Friday, Monday
    examined.accepted_at = wednesday
    assert ask_by(examined, calendar) == datetime(2026, 11, 9, 17, tzinfo=calendar.zone)
    day = timezone.localdate(now)
    for _day in range(3):
        day -= timedelta(days=1)
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
    Dossier.objects.filter(**code).update(accepted_at=calendar.opens(day))
    examined.refresh_from_db()
    is_today = ask_by(examined, calendar) >= now
    assert client.get("/desk/").content.decode().count("Thiếu giấy tờ? Gửi mẫu 02 trước") == is_today
    Dossier.objects.filter(**code).update(accepted_at=wednesday - timedelta(days=60))
    page = client.get(f"/desk/dossiers/{examined.pk}/").content.decode()
    assert page.count("Ba ngày làm việc để gửi mẫu 02 đã hết lúc 09/09/2026, 17:00") == 1
    examined.refresh_from_db()
    actions.request_supplement(examined, by=given.actor("dua"), reason="Thiếu tờ khai.")
    assert Entry.objects.about(examined).get(event="dossiers.SupplementRequested").facts["is_late"] is True
    page = client.get(f"/desk/dossiers/{examined.pk}/").content.decode()
    assert page.count("Mùa A Dứa yêu cầu bổ sung khi đã quá ba ngày làm việc") == 1
    assert ask_by(examined, calendar) is None
    given_back = Dossier.objects.get(**code)
    actions.resume(given_back, by=given.SYSTEM, papers=[], note="", sent_at=now)
    with pytest.raises(Invalid):
        actions.request_supplement(given_back, by=given.actor("dua"), reason="Còn thiếu nữa.")


def test_a_step_ends_the_work_only_if_its_procedure_says_so_whoever_holds_it(examined):
    """A locality may give the step to another post; whoever holds it then has what the step lets them do."""
    clerk = given.officer("clerk")
    with pytest.raises(Refused, match="được phép dừng giải quyết"):
        actions.stop(examined, by=clerk, reason="Không đủ điều kiện.")
    examined.steps.filter(role="specialist").update(role="clerk")
    standing = [{**step, "role": "clerk"} for step in examined.standing]
    Dossier.objects.filter(pk=examined.pk).update(standing=standing)
    actions.stop(examined, by=clerk, reason="Không đủ điều kiện.")
    assert examined.state == Dossier.State.STOPPED
