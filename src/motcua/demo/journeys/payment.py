"""Two fees are paid online: one at the bank, which tells it twice, one by a transfer with the code shown; each counts once."""

import re

from motcua.demo.browser import Browser, LostError
from motcua.demo.journeys.acts import at_desk, follow
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.people import BY_KEY

MAY, SUONG = BY_KEY["may"], BY_KEY["suong"].name
COPY, COPIES, FEE = "2.000635", 2, "16.000"
# What the page says one may type oneself; the QR code beside it says the same.
TYPED = re.compile(r"Số tiền ([\d.]+) đ Nội dung (\w+)")
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
    """One fee by the bank's gateway in the manner “pays once, tells twice”, one by transfer; then the books."""
    applied, citizen, pay, first = owed(story)
    with story.step("Pays at the bank, which tells the agency twice", who=MAY.name, node="laocai"):
        payer = Browser(story.world.url("laocai"))
        payer.open(pay)
        payer.submit(to="/start/")
        payer.submit({"manner": "twice"}, has="manner")
        story.check("the bank leads back to a page that says it is paid", True, "Đã nộp" in payer.page.text)
    see_receipt(story, citizen, applied)
    applied, citizen, pay, second = owed(story)
    with story.step("Transfers it with the code and the amount of the page", who=MAY.name, node="laocai"):
        payer = Browser(story.world.url("laocai"))
        payer.open(pay)
        amount, purpose = transfer_of(payer)
        payer.open("/demo/gateway/ledger/")
        payer.submit({"purpose": purpose, "amount": amount.replace(".", "")}, to="/transfer/")
        story.check("the page of the fee says that it is paid", True, "Đã nộp" in payer.open(pay).text)
    see_receipt(story, citizen, applied)
    with story.step("Looks at the books", who=SUONG, node="laocai"):
        officer = story.enter("suong")
        books = officer.open("/desk/books/").text
        story.show(officer, "officer-books")
        # A code stands there only beside money that somebody must look at or give back.
        story.check(
            "the books hold neither fee as unclear", [], [code for code in (first, second) if code in books]
        )


def owed(story: Story) -> tuple[str, Browser, str, str]:
    """Applied for and received: the application, its page asking for the fee, where one pays, and the payment's code."""
    with story.step("Applies for two copies", who=MAY.name, node="vpcp"):
        application = apply(story)
    with story.step("Receives it; the fee is asked for", who=SUONG, node="laocai"):
        at_desk(story, "suong", application).submit(to="/accept/")
    with story.step("Sees the amount, the QR code and the way to the bank", who=MAY.name, node="vpcp"):
        citizen = follow(story, application, "fee", "Còn phải nộp")
        story.show(citizen, "citizen-fee")
        amount, code = transfer_of(citizen)
        story.check("the page asks for the fee by transfer", FEE, amount)
        drawn = f'aria-label="Mã VietQR: {amount} đ, nội dung {code}"'
        story.check("the QR code holds this amount and this purpose", True, drawn in flat(citizen))
        pay = next((href for href, _words in citizen.page.links if "/pay/" in href), "")
    return application, citizen, pay, code


def transfer_of(browser: Browser) -> tuple[str, str]:
    """The amount and the purpose that are to be typed into a bank's app."""
    found = TYPED.search(browser.page.text)
    if not found:
        raise LostError(f"{browser.page.url}: no transfer to type; the page says: {browser.page.text[:600]}")
    return found[1], found[2]


def flat(browser: Browser) -> str:
    """The page with every space alike."""
    return " ".join(browser.page.body.decode().split())


def see_receipt(story: Story, citizen: Browser, application: str) -> None:
    """The applicant's page asks for nothing any more."""
    with story.step("Has the receipt; nothing is asked for any more", who=MAY.name, node="vpcp"):

        def paid() -> bool:
            return "Còn phải nộp" not in citizen.open(f"/applications/{application}/").text

        story.until(paid, "the page still asks for the fee")
        story.check("the receipt is on the page", True, "Biên lai" in citizen.page.text)


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
