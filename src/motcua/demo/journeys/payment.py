"""A fee is paid online: the bank tells it twice, it counts once, and the receipt is signed."""

from motcua.demo.browser import Browser
from motcua.demo.journeys.acts import at_desk, follow
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.people import BY_KEY

MAY, SUONG = BY_KEY["may"], BY_KEY["suong"].name
COPY, COPIES, FEE = "2.000635", 2, "16.000"
ANSWERS = {
    "applicant_phone": "0912345678",
    "birth_number": MAY.number,
    "record_kind": "marriage",
    "record_of": MAY.name,
    "record_at": "Xã Tả Van",
    "copies": str(COPIES),
    "receive_by": "electronic",
}


def payment(story: Story) -> None:
    """Applied for online, asked for the fee, paid by the bank's gateway in the manner “pays once, tells twice”."""
    with story.step("Applies for two copies", who=MAY.name, node="vpcp"):
        application = apply(story)
    with story.step("Receives it; the fee is asked for", who=SUONG, node="laocai"):
        at_desk(story, "suong", application).submit(to="/accept/")
    with story.step("Sees the amount, the QR code and the way to the bank", who=MAY.name, node="vpcp"):
        citizen = follow(story, application, "fee", "Còn phải nộp")
        story.check(f"the page asks for {FEE} đ", True, f"{FEE} đ" in citizen.page.text)
        pay = next((href for href, _words in citizen.page.links if "/pay/" in href), "")
        story.show(citizen, "citizen-fee")
        story.check("a QR code for any bank's app is shown", True, b"<svg" in citizen.page.body)
    with story.step("Pays at the bank, which tells the agency twice", who=MAY.name, node="laocai"):
        payer = Browser(story.world.url("laocai"))
        payer.open(pay)
        payer.submit(to="/start/")
        payer.submit({"manner": "twice"}, has="manner")
        story.check("the bank leads back to a page that says it is paid", True, "Đã nộp" in payer.page.text)
    with story.step("Has the receipt; nothing is asked for any more", who=MAY.name, node="vpcp"):

        def paid() -> bool:
            return "Còn phải nộp" not in citizen.open(f"/applications/{application}/").text

        story.until(paid, "the page still asks for the fee")
        story.check("the receipt is on the page", True, "Biên lai" in citizen.page.text)
    with story.step("Looks at the books", who=SUONG, node="laocai"):
        officer = story.enter("suong")
        books = officer.open("/desk/books/").text
        story.show(officer, "officer-books")
        story.check("the books hold no payment that nobody can explain", False, "Thừa" in books)


def apply(story: Story) -> str:
    """Page after page, what the register does not know."""
    citizen = story.enter("may")
    citizen.open(f"/procedures/{COPY}/begin/")
    form = citizen.form(has="agency")
    citizen.submit(
        {"agency": "H38.03006", "may_read": "on"} | ({"case": "other"} if "case" in form.names else {}),
        has="agency",
    )
    answer_all(citizen, ANSWERS)
    application = citizen.page.path.split("/")[2]
    citizen.open(f"/applications/{application}/check/")
    citizen.submit(to="/send/")
    return application
