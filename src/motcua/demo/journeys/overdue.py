"""A dossier is late: everybody can read that it is; the head of the agency apologises and names its one new date."""

import re
from datetime import date, timedelta

from motcua.demo.browser import LostError
from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY

LUA = BY_KEY["lua"].name
REASON = "Phải xác minh thêm tại cơ quan lưu giữ sổ gốc."


def overdue(story: Story) -> None:
    """Late in public, late on the desk; form 04 once, and no second time."""
    with story.step("Reads which dossiers of the province are late", who="–", node="laocai"):
        anyone = story.visit("laocai")
        codes = late(anyone.open("/overdue/").text)
        if not codes:
            raise LostError(
                "No dossier of Sa Pa is late. This story needs a past: ./motcua demo --fresh --history"
            )
    with story.step("Finds it in the list of the agency's late dossiers", who=LUA, node="laocai"):
        chair = story.enter("lua")
        chair.open("/desk/?show=agency&due=late")
        chair.follow(to="/desk/dossiers/")
        name = chair.page.heading.rpartition(":")[2].strip()
        story.check("the public page does not name the applicant", False, name in anyone.page.text)
        [code] = set(re.findall(r"H38\.03006-\d{6}-\d{4}", chair.page.heading + chair.page.text)) & set(codes)
    with story.step("Apologises and names the new date (form 04)", who=LUA, node="laocai"):
        today = date.today()  # noqa: DTZ011 — the day on this machine's wall
        refused = chair.submit(
            letter_of(today + timedelta(days=13 - today.weekday())), to="/extend/", expect=422
        )
        told = re.search(r"kế tiếp là (\d+)/(\d+)/(\d+)", refused.text)
        story.check("a Sunday is refused, and the next working day named", True, told is not None)
        if told:
            day, month, year = (int(part) for part in told.groups())
            chair.submit(letter_of(date(year, month, day)), to="/extend/")
        story.check("the page shows the new date", True, "Đã hẹn lại một lần" in chair.page.text)
        story.check(
            "there is no second new date",
            [],
            [one.action for one in chair.page.forms if "/extend/" in one.action],
        )
        letter = chair.download(to="/documents/")
        story.check("the letter is a PDF", True, letter.startswith(b"%PDF"))
    with story.step("Is not late any more until the new date", who="–", node="laocai"):
        story.check("the public page does not list it", False, code in late(anyone.open("/overdue/").text))


def letter_of(day: date) -> dict[str, str]:
    """What the chair writes: the new date, and why."""
    return {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year), "reason": REASON}


def late(text: str) -> list[str]:
    """Codes of Sa Pa on a page."""
    return re.findall(r"H38\.03006-\d{6}-\d{4}", text)
