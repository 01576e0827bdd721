"""A business is represented, and files many dossiers from one form: a list with a fault, then all at once."""

import re

from motcua.demo.browser import Browser
from motcua.demo.journeys.acts import at_desk
from motcua.demo.journeys.mandate import begin
from motcua.demo.journeys.payment import ANSWERS, COPY
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.people import BY_KEY

DOI, SUONG = BY_KEY["doi"], BY_KEY["suong"].name
CODE, NAME = "0001234561", "Công ty TNHH Hoa Ban"
STAFF = ("Giàng Thị Sao", "Lò Văn Nước", "Hoàng Thị Lan")
OWN = {
    **ANSWERS,
    "applicant_name": DOI.name,
    "applicant_number": DOI.number,
    "applicant_born_on_day": DOI.born_on[8:],
    "applicant_born_on_month": DOI.born_on[5:7],
    "applicant_born_on_year": DOI.born_on[:4],
    "applicant_residence": DOI.address,
    "copies": "1",
}


def business(story: Story) -> None:
    """Đồi represents a company and orders an extract for each of three people of its staff."""
    number = represented(story)
    with story.step("Fills in one form for the company", who=DOI.name, node="vpcp"):
        owner = story.enter("doi")
        begin(owner, COPY, number)
        answer_all(owner, OWN)
        application = owner.page.path.split("/")[2]
    with story.step(
        "Makes a list of it; one row has a fault, so nothing is entered", who=DOI.name, node="vpcp"
    ):
        owner.open(f"/applications/{application}/check/")
        owner.submit(to="/many/")
        listed = owner.page.path
        owner.submit({"table": table("một")}, to="/rows/", expect=422)
        story.check("the fault is named by its row", True, "3 Số bản" in owner.page.text)
        story.check("no row was entered", [], chosen(owner))
    with story.step(
        "Mends it and sends all three at once; the second press sends nothing", who=DOI.name, node="vpcp"
    ):
        owner.open(listed)
        owner.submit({"table": table("2")}, to="/rows/")
        story.show(owner, "citizen-list")
        ids = chosen(owner)
        story.check("there are three drafts", 3, len(ids))
        again = owner.form(to="/send/")
        for _press in range(2):
            owner.client.post(
                f"{listed}send/",
                data={**again.values, "chosen": ids},
                headers={"Referer": owner.page.url},
            )
        owner.open(listed)
        story.check("all are sent", [], chosen(owner))
    receive(story, ids)
    with story.step("Sees all of them and the fees on the company's page", who=DOI.name, node="vpcp"):
        page = f"/my/businesses/{CODE}/"
        story.until(
            lambda: (
                all(one in owner.open(page).body.decode() for one in ids)
                and "Phải nộp tất cả" in owner.page.text
            ),
            "the company's page never shows the fees",
        )


def receive(story: Story, ids: list[str]) -> None:
    """The desk takes each of them."""
    with story.step("Receives them; each names the company and who filed", who=SUONG, node="laocai"):
        for one in ids:
            officer = at_desk(story, "suong", one)
            told = officer.page.text
            story.check(
                "the desk sees code and name", True, CODE in told and NAME in told and DOI.name in told
            )
            officer.submit(to="/accept/")


def represented(story: Story) -> str:
    """Return the number under which Đồi represents the company, as the register of enterprises says at once."""
    with story.step("Asks the register of enterprises, which names him", who=DOI.name, node="vpcp"):
        owner = story.enter("doi")
        owner.open("/my/mandates/business/")
        owner.submit({"code": CODE}, has="code")
        number = next(word for word in owner.page.text.split() if word.startswith("ĐD-"))
        story.check("it needs no paper and no officer", True, "Đang có hiệu lực" in owner.page.text)
        story.check("the register has told the name", True, NAME in owner.page.text)
    return number


def table(copies: str) -> str:
    """As it is pasted from a spreadsheet; the number of copies of the second row is as given."""
    rows = [f"{name}\t{copies if place == 1 else '1'}" for place, name in enumerate(STAFF)]
    return "\n".join(["record_of\tcopies", *rows])


def chosen(owner: Browser) -> list[str]:
    """The drafts that stand ready on the page."""
    return re.findall(r'name="chosen" value="([0-9a-f-]{36})"', owner.page.body.decode())
