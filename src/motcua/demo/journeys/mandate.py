"""One acts for another: written, accepted, used within its scope, seen by both and by the officer, ended."""

import re
from datetime import date
from html import unescape

from motcua.demo.browser import Browser
from motcua.demo.journeys.acts import at_desk
from motcua.demo.journeys.payment import ANSWERS, COPY
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.people import BY_KEY

MAY, SUOI, SUONG, SO = BY_KEY["may"], BY_KEY["suoi"], BY_KEY["suong"].name, BY_KEY["so"].name
BIRTH = "2.000986"
ROWS, LINK = re.compile(r"<tr>.*?</tr>", re.DOTALL), re.compile(r'href="(/my/data/ask/[^"]+)"')


def mandate(story: Story) -> None:
    """Mây lets Suối order a copy for her, follows what he does, asks about the reading, and ends it."""
    number, page = written(story)
    application = filed(story, number)
    with story.step("Sees by which mandate it was filed, and receives it", who=SUONG, node="laocai"):
        officer = at_desk(story, "suong", application)
        told = officer.page.text
        story.check("the officer sees for whom, by whom and by which mandate", True, told_of(told, number))
        officer.submit(to="/accept/")
    with story.step("Sees what was done in her name", who=MAY.name, node="vpcp"):
        principal = story.enter("may")
        told = principal.open(f"/applications/{application}/").text
        story.check("her page names him and the mandate", True, SUOI.name in told and number in told)
        inbox = principal.open("/my/inbox/").text
        story.check(
            "she was told when he sent it", True, f"{SUOI.name} đã nộp hồ sơ thay {MAY.name}" in inbox
        )
        readings = principal.open("/my/data/").text
        story.check(
            "the reading of her record names the mandate", True, f"(nộp thay, số {number})" in readings
        )
    asked(story, principal, number)
    ended(story, principal, page, application)


def told_of(text: str, number: str) -> bool:
    return MAY.name in text and SUOI.name in text and number in text


def written(story: Story) -> tuple[str, str]:
    """Return the mandate's number and its page."""
    with story.step("Writes a mandate for one procedure", who=MAY.name, node="vpcp"):
        principal = story.enter("may")
        principal.open("/my/mandates/new/")
        last = date(date.today().year + 1, 12, 31)  # noqa: DTZ011 — the day on this machine's wall
        typed = {"number": SUOI.number, "name": SUOI.name, "scope": "procedures", "procedures": COPY}
        until = {"valid_until_day": last.day, "valid_until_month": last.month, "valid_until_year": last.year}
        principal.submit({**typed, **until}, has="procedures")
        page = principal.page.path
        number = next(word for word in principal.page.text.split() if word.startswith("UQ-"))
    with story.step("Reads it and accepts", who=SUOI.name, node="vpcp"):
        agent = story.enter("suoi")
        agent.open(page)
        agent.submit(to="/accept/")
        story.show(agent, "citizen-mandate")
        story.check("it is in force", True, "Đang có hiệu lực" in agent.page.text)
    return number, page


def filed(story: Story, number: str) -> str:
    """Return the application's id."""
    with story.step("Applies in her name; another procedure is refused", who=SUOI.name, node="vpcp"):
        agent = story.enter("suoi")
        mandate_ = begin(agent, COPY, number)
        answer_all(agent, ANSWERS)
        application = agent.page.path.split("/")[2]
        agent.open(f"/applications/{application}/check/")
        agent.submit(to="/send/")
        agent.open(f"/procedures/{BIRTH}/begin/")
        agent.submit({"agency": "H38.03006", "may_read": "on", "whom": mandate_}, has="whom", expect=422)
        told = agent.page.text
        story.check("what the mandate does not cover is refused with the reason", True, number in told)
    return application


def begin(agent: Browser, procedure: str, number: str) -> str:
    """Choose for whom; return the choice."""
    agent.open(f"/procedures/{procedure}/begin/")
    choice = agent.choice("whom", number)
    form = agent.form(has="agency")
    case = {"case": "other"} if "case" in form.names else {}
    agent.submit({"agency": "H38.03006", "may_read": "on", "whom": choice, **case}, has="agency")
    return choice


def asked(story: Story, principal: Browser, number: str) -> None:
    """The question button, and its answer from the desk of the agency that read."""
    with story.step("Asks why her record was read", who=MAY.name, node="vpcp"):
        principal.open("/my/data/")
        row = next(one for one in ROWS.findall(principal.page.body.decode()) if number in one)
        principal.open(unescape(LINK.findall(row)[0]))
        principal.submit({"text": f"Ai đọc theo số {number}?"}, has="text")
    with story.step("Answers at the desk", who=SO, node="vpcp"):
        officer = story.enter("so")

        def there() -> bool:
            return MAY.name in officer.open("/desk/petitions/").text

        story.until(there, "the question does not come to the desk")
        officer.follow(to="/desk/petitions/", words=MAY.name)
        officer.submit(
            {"answer": f"Anh {SUOI.name} nộp hồ sơ thay chị nên cổng đọc để điền sẵn."}, has="answer"
        )
    with story.step("Reads the answer", who=MAY.name, node="vpcp"):
        story.until(
            lambda: "nên cổng đọc để điền sẵn" in principal.open("/my/data/").text, "the answer does not come"
        )


def ended(story: Story, principal: Browser, page: str, application: str) -> None:
    """After the end nothing is open to the agent."""
    with story.step("Ends the mandate", who=MAY.name, node="vpcp"):
        principal.open(page)
        principal.submit(to="/revoke/")
    with story.step("Can neither see nor file any more, and is told why", who=SUOI.name, node="vpcp"):
        agent = story.enter("suoi")
        told = agent.open(f"/applications/{application}/", expect=403).text
        story.check("the dossier's page says why it is shut", True, "không có hiệu lực" in told)
    with story.step("Goes on by herself", who=MAY.name, node="vpcp"):
        principal.open(f"/applications/{application}/")
        story.check("the dossier is still hers", True, "Trích lục" in principal.page.text)
