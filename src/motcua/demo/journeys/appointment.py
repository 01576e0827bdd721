"""An appointment at a one-stop desk: booked at home, kept at the ticket machine, called before the others."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from motcua.demo.journeys.story import Story
from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY

MAY, SUONG = BY_KEY["may"].name, BY_KEY["suong"].name
BIRTH = "2.000986"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def appointment(story: Story) -> None:
    """Chosen among what is free, confirmed by the desk with a code, seen by the officer, and given up again."""
    with story.step("Chooses a day and a time", who=MAY, node="vpcp"):
        citizen = story.enter("may")
        citizen.open(f"/procedures/{BIRTH}/appointment/?agency={SA_PA}")
        begins_at = first_free(citizen.page.body.decode())
        citizen.submit({"begins_at": begins_at}, has="begins_at")
        booking = citizen.page.path
    with story.step("Has the desk's word and a code for the door", who=MAY, node="vpcp"):
        story.until(
            lambda: b'class="qr"' in citizen.open(booking).body,
            "the desk never confirms the appointment",
        )
        story.show(citizen, "citizen-appointment")
    with story.step("Reads who comes when", who=SUONG, node="laocai"):
        officer = story.enter("suong")
        day = datetime.fromisoformat(begins_at).astimezone(VIETNAM).date()
        on_the_day = f"/desk/appointments/?day={day}"
        story.until(
            lambda: MAY in officer.open(on_the_day).text,
            "the appointment does not stand on the desk's list",
        )
        story.show(officer, "officer-appointments")
    with story.step("Gives it up: the time is free for others", who=MAY, node="vpcp"):
        citizen.open(booking)
        citizen.submit(to="/cancel/")
        story.until(
            lambda: MAY not in officer.open(on_the_day).text,
            "the desk keeps an appointment that was given up",
        )
        story.check("the page says so", True, "hủy" in citizen.open(booking).text.lower())


def first_free(page: str) -> str:
    """The first time offered on the page."""
    return str(re.findall(r'name="begins_at" value="([^"]+)"', page)[0])
