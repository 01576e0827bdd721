"""An administrator gets an office ready: people, working days, queues, who stands in, what the place sets for itself."""

import re
from datetime import date, timedelta

from motcua.demo.browser import Browser
from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY

THONG, PA, LAM, SUONG = (BY_KEY[key] for key in ("thong", "pa", "lam", "suong"))
POST = "Công chức Bộ phận Một cửa"
MATTER = "Người có công, trợ giúp xã hội"


def office(story: Story) -> None:
    """What can be tried is tried and left as it was; what is arranged is seen, and the same a second time."""
    administrator = story.enter(THONG.key)
    with story.step("Gives a colleague a post from next year on", who=THONG.name, node="laocai"):
        appoint(story, administrator)
    with story.step("Tries a day off: which dossiers would be due later", who=THONG.name, node="laocai"):
        try_a_day(story, administrator)
    with story.step("Opens one more queue", who=THONG.name, node="laocai"):
        open_queue(story, administrator)
    with story.step("Has one colleague stand in for another, and ends it", who=THONG.name, node="laocai"):
        lend(story, administrator)
    with story.step(
        "Reads what keeps procedures from being done online, and what may be set here",
        who=THONG.name,
        node="laocai",
    ):
        ready = administrator.open("/desk/readiness/")
        story.show(administrator, "administrator-readiness")
        story.check("each procedure has its verdict", True, "trực tuyến" in ready.text)
        administrator.open("/desk/drift/2.000986/set/")
        story.show(administrator, "administrator-local")


def appoint(story: Story, administrator: Browser) -> None:
    """From the first of January; who has the post already keeps it."""
    page = administrator.open("/desk/people/")
    story.show(administrator, "administrator-people")
    if PA.name not in page.text:
        year = date.today().year + 1  # noqa: DTZ011 — the day on this machine's wall
        first = {"since_day": "1", "since_month": "1", "since_year": str(year)}
        administrator.submit(
            {"number": PA.number, "post": option(administrator, "post", POST), **first}, has="number"
        )
    story.check("the page says who holds which post", True, PA.name in administrator.page.text)


def try_a_day(story: Story, administrator: Browser) -> None:
    """The next working day: seen, and not decided."""
    administrator.open("/desk/calendar/")
    day = date.today() + timedelta(days=1)  # noqa: DTZ011 — as above
    while day.weekday() > 4:
        day += timedelta(days=1)
    on = {"on_day": str(day.day), "on_month": str(day.month), "on_year": str(day.year)}
    administrator.submit({**on, "works": "off", "name": "Mất điện toàn phường"}, has="works")
    story.show(administrator, "administrator-calendar")
    story.check("the page says what would move", True, f"{day:%d/%m}" in administrator.page.text)
    kept = administrator.open("/desk/calendar/").text
    story.check("nothing is decided by looking", False, "Mất điện toàn phường" in kept)


def open_queue(story: Story, administrator: Browser) -> None:
    """Once; the second time it is there."""
    page = administrator.open("/desk/queue/")
    if MATTER not in page.text:
        administrator.submit({"letter": "D", "name_vi": MATTER, "name_en": "Welfare"}, has="letter")
    story.show(administrator, "administrator-queue")
    story.check("the queue stands on the page", True, MATTER in administrator.page.text)


def lend(story: Story, administrator: Browser) -> None:
    """For today, and back at once."""
    administrator.open("/desk/substitutions/")
    whose = {
        "appointment": option(administrator, "appointment", LAM.name),
        "stand_in": option(administrator, "stand_in", SUONG.name),
    }
    today = date.today()  # noqa: DTZ011 — as above
    until = {"until_day": str(today.day), "until_month": str(today.month), "until_year": str(today.year)}
    administrator.submit({**whose, **until, "reason": "Đi tập huấn"}, has="stand_in")
    story.show(administrator, "administrator-substitution")
    story.check("the page says who stands in", True, "Đi tập huấn" in administrator.page.text)
    administrator.submit(to="/end/")
    story.check("and no more once it is ended", False, "Đi tập huấn" in administrator.page.text)


def option(browser: Browser, name: str, words: str) -> str:
    """The value of the first choice of a list whose words begin so."""
    _before, _name, rest = browser.page.body.decode().partition(f'<select name="{name}"')
    found = re.search(rf'<option value="([^"]+)"[^>]*>\s*{re.escape(words)}', rest.partition("</select>")[0])
    return found[1] if found else ""
