"""Procedures are written in the browser: one changed for all and filed, one a province begins and receives at its counter."""

import re
import secrets
from datetime import date
from typing import Any

from motcua.demo.browser import Browser
from motcua.demo.journeys import acts
from motcua.demo.journeys.counter import card
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY

SOAN, DUYET, XEP, CHUAN = (BY_KEY[key].name for key in ("soan", "duyet", "xep", "chuan"))
SUONG, MAY = BY_KEY["suong"].name, BY_KEY["may"].name
CODE = "1.004873"
# What the page of a draft says before its users were asked, and what everybody reads afterwards.
GATE = "Người dùng chưa đồng ý"
POLLED = "hỏi 40, trả lời 34, đồng ý đưa lên mạng 29"


def writing(story: Story) -> None:
    """A version for the country, and a procedure of the province's own."""
    next_version(story)
    apply_under_it(story)
    of_the_province(story)


def next_version(story: Story) -> None:
    """One more word to find a procedure by: written, looked at, proposed, approved, found."""
    word = "giấy " + "".join(secrets.choice("abcdeghiklmnopqrstuvxy") for _letter in range(8))
    with story.step("Begins the next version", who=SOAN, node="vpcp"):
        writer = story.enter("soan")
        story.show(writer, "administrator-procedures", of="/desk/procedures/")
        writer.open(f"/desk/procedures/{CODE}/")
        writer.submit(to="/revise/")
        draft = re.search(r"/desk/drafts/[^/]+/", writer.page.path)
        address = draft[0] if draft else ""
        story.show(writer, "administrator-questions", of=f"{address}questions/")
    with story.step("Writes a word in its file", who=SOAN, node="vpcp"):
        writer.open(f"{address}write/")
        text = writer.form(has="text").values["text"]
        broken = writer.submit(
            {"text": text.replace("levels: [commune]", "levels: [district]")}, has="text", expect=422
        )
        story.show(writer, "administrator-fault")
        story.check("what does not hold is named by its line", True, "levels[1]" in broken.text)
        writer.submit({"text": text.replace("keywords: [", f"keywords: [{word}, ", 1)}, has="text")
        story.show(writer, "administrator-changes")
        story.check("the page shows what differs", True, word in writer.page.text)
    with story.step("Makes it free online, on the page of time and fees", who=SOAN, node="vpcp"):
        writer.open(f"{address}ways/")
        writer.submit({"channels": ["online", "direct", "post"], "amount..online": "0"}, has="channels")
        story.check("the draft says so", True, "Miễn phí" in writer.open(f"{address}preview/").text)
    with story.step("Looks at the form, the picture and the facts as they will be", who=SOAN, node="vpcp"):
        preview = writer.open(f"{address}preview/")
        story.show(writer, "administrator-preview")
        story.check("the preview shows the way of the dossier", True, "Tiếp nhận hồ sơ" in preview.text)
    with story.step("Proposes it, and cannot approve it", who=SOAN, node="vpcp"):
        writer.open(address)
        writer.submit({"note": "Thêm từ khóa tìm kiếm."}, to="/propose/")
        story.check(
            "who wrote it finds no button to approve it",
            [],
            [form.action for form in writer.page.forms if "/approve/" in form.action],
        )
    with story.step("Approves it", who=DUYET, node="vpcp"):
        second = story.enter("duyet")
        second.open(address)
        story.show(second, "administrator-approve")
        second.submit(to="/approve/")
    with story.step("Finds it by the new word", who="–", node="vpcp"):
        anyone = story.visit("vpcp")
        story.until(
            lambda: CODE in anyone.open(f"/procedures/?q={word.replace(' ', '+')}").body.decode(),
            "the search never finds the new word",
        )


def apply_under_it(story: Story) -> None:
    """What was approved at the Government Office holds at the province's desk: a dossier filed under it is received."""
    with story.step("Files under the new version", who=MAY, node="vpcp"):
        citizen = story.enter("may")
        citizen.open(f"/procedures/{CODE}/begin/")
        citizen.submit({"agency": SA_PA, "may_read": "on"}, has="agency")
        answer_all(citizen, {"purpose": "other", "applicant_phone": "0912345678"})
        application = citizen.page.path.split("/")[2]
        citizen.open(f"/applications/{application}/check/")
        citizen.submit(to="/send/")
    code = acts.receive(story, application)
    story.check("it has its legal code", True, code.startswith(f"{SA_PA}-"))


def of_the_province(story: Story) -> None:
    """A procedure that was not there in the morning is received at the counter of a commune in the afternoon."""
    code = f"1.9{secrets.randbelow(100_000):05d}"
    with story.step("Begins a procedure of the province's own", who=XEP, node="laocai"):
        writer = story.enter("xep")
        writer.open("/desk/procedures/new/")
        writer.submit(
            {
                "code": code,
                "name_vi": f"Cấp thẻ hướng dẫn viên tại điểm du lịch ({code})",
                "field_vi": "Du lịch",
                "level": "commune",
                "pattern": "at_once",
            },
            has="name_vi",
        )
        address = writer.page.path
    with story.step("Fills in facts, a paper, time and fees: no file, no programmer", who=XEP, node="laocai"):
        fill_in(writer, address)
    ask_users(story, writer, code, address)
    with story.step("Proposes it", who=XEP, node="laocai"):
        writer.open(address)
        writer.submit({"note": "Công bố thủ tục mới của tỉnh."}, to="/propose/")
    with story.step("Approves it", who=CHUAN, node="laocai"):
        second = story.enter("chuan")
        second.open(address)
        second.submit(to="/approve/")
    with story.step("Receives a dossier under it at the counter", who=SUONG, node="laocai"):
        officer = story.enter("suong")
        officer.open("/desk/counter/")
        officer.submit({"procedure": code, "who": card(), "way": "self"}, has="procedure")
        officer.submit(
            {"applicant_phone": "0000123456", "counter-verdict": "accept", "has-photo": "on"},
            has="counter-verdict",
        )
        found = re.search(r"H38\.03006-\d{6}-\d{4}", officer.page.text)
        story.check("the dossier has its legal code", True, bool(found))
    with story.step("Is read with what its users said", who="–", node="laocai"):
        read = story.visit("laocai").open(f"/procedures/{code}/")
        story.check("everybody reads what the users said", True, POLLED in " ".join(read.text.split()))
    with story.step("Is read at the national portal, too", who="–", node="vpcp"):
        anyone = story.visit("vpcp")
        story.until(
            lambda: anyone.client.get(f"/procedures/{code}/").status_code == 200,
            "the national portal never hears of the province's procedure",
        )


def ask_users(story: Story, writer: Browser, code: str, address: str) -> None:
    """It would go online: the page offers no way on before its users were asked, and more than half of them want it."""

    def gate() -> tuple[bool, bool]:
        """Whether the draft's page says what is missing, and whether it can be proposed."""
        page = writer.open(address)
        return GATE in page.text, any("/propose/" in form.action for form in page.forms)

    with story.step("Cannot open the online way: nobody asked its users", who=XEP, node="laocai"):
        story.check("the gate is closed before its users were asked", (True, False), gate())
    with story.step("Asks the guides who will use it, by letter", who=XEP, node="laocai"):
        writer.open(f"/desk/procedures/{code}/polls/")
        writer.submit(poll_of_today(), has="whom")
        story.check("and closed until they have answered", (True, False), gate())
    with story.step("Counts their answers", who=XEP, node="laocai"):
        asked = writer.open(f"/desk/procedures/{code}/polls/").body.decode()
        counting = re.search(r"/desk/polls/[^/]+/count/", asked)
        writer.open(counting[0] if counting else "")
        writer.submit(
            {"answered": "34", "assented": "29", "document": "Báo cáo 12/BC-SDL"},
            has="assented",
        )
        story.check("open once more than half of them want it", (False, True), gate())


def poll_of_today() -> dict[str, str]:
    """A question that is answered within the day."""
    today = date.today()  # noqa: DTZ011 — the day on this machine's wall
    last = {"ends_on_day": str(today.day), "ends_on_month": str(today.month), "ends_on_year": str(today.year)}
    return {
        "question": "Nên nhận hồ sơ cấp thẻ hướng dẫn viên qua mạng không?",
        "whom": "Hội viên Hội Hướng dẫn viên du lịch tỉnh, gửi thư cho từng người",
        "asked": "40",
        **last,
    }


def fill_in(writer: Browser, address: str) -> None:
    """What the law wants of a procedure, on the pages of its draft."""
    writer.open(f"{address}facts/")
    today = date.today()  # noqa: DTZ011 — the day on this machine's wall
    said: dict[str, Any] = {
        "decision": "2026/QĐ-UBND",
        "version_day": str(today.day),
        "version_month": str(today.month),
        "version_year": str(today.year),
        "legal_basis": "09/2017/QH14 | Luật Du lịch",
    }
    writer.submit(said, has="decision")
    writer.open(f"{address}papers/add/")
    writer.submit({"id": "photo", "name_vi": "Ảnh chân dung 3x4"}, has="name_vi")
    writer.open(f"{address}ways/")
    free = {f"amount..{way}": "0" for way in ("online", "direct", "post")}
    writer.submit({"channels": ["online", "direct", "post"], **free}, has="channels")
