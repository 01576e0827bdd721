"""A document of the Government Office goes to a province and two ministries and on to three communes; its states come back."""

import re
from collections.abc import Mapping

from motcua.demo.browser import Browser
from motcua.demo.journeys.office import option
from motcua.demo.journeys.story import Story
from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY

TEM, BAN, PHONG, NIEM, LUA, DUA = (BY_KEY[key] for key in ("tem", "ban", "phong", "niem", "lua", "dua"))
SUBJECT = "Rà soát thủ tục hành chính quý IV"
TEXT = "Đề nghị quý cơ quan rà soát thủ tục hành chính đang giải quyết và báo cáo.\nTrân trọng."
ABOVE, BELOW = ("H38", "G01", "G15"), (SA_PA, "H38.02839", "H38.03037")


def dispatch(story: Story) -> None:
    """Written at the top, sent on byte for byte, answered at the bottom; then asked back after two had begun."""
    address = send(story)
    province = arrived(story, PHONG.key)
    with story.step("Enters it and sends it on to three communes", who=PHONG.name, node="laocai"):
        clerk = story.enter(PHONG.key)
        press(clerk, province, "register")
        press(clerk, province, "forward", {"receivers": "\n".join(BELOW)})
    commune = arrived(story, NIEM.key)
    work(story, commune)
    with story.step("Sees where it stands at everybody who has it", who=TEM.name, node="vpcp"):
        clerk = story.enter(TEM.key)
        told = states(story, clerk, address, {"Sa Pa": "Đang xử lý", "Bắc Hà": "Đã đến", "Lào Cai": "Vào sổ"})
        story.show(clerk, "officer-dispatch")
        story.check("the states of three hops stand on one page", True, told)
    answer(story, commune)
    ask_back(story, address, province, commune)
    story.check_journals(("vpcp", "laocai"))


def send(story: Story) -> str:
    """The clerk writes, the head signs, the clerk sends; return the address of its page."""
    with story.step("Writes a document to a province and two ministries", who=TEM.name, node="vpcp"):
        clerk = story.enter(TEM.key)
        clerk.open("/desk/outgoing/write/")
        clerk.submit(
            {"subject": SUBJECT, "text": TEXT, "receivers": "\n".join(ABOVE), "urgency": "1"}, has="subject"
        )
        address = clerk.page.path
        clerk.submit(to="/submit/")
    with story.step("Signs it; it has its number", who=BAN.name, node="vpcp"):
        press(story.enter(BAN.key), address, "sign", {"position": "PHÓ CHỦ NHIỆM"})
    with story.step("Seals and sends it", who=TEM.name, node="vpcp"):
        press(clerk, address, "issue")
    return address


def arrived(story: Story, key: str) -> str:
    """The document on the list of what came in, once it is there; return its address."""
    who = BY_KEY[key]

    def there(officer: Browser) -> str:
        body = officer.open("/desk/incoming/").body.decode()
        # Of several stories played one after the other the newest is meant, which nobody has dealt with.
        found = re.findall(rf'href="(/desk/incoming/[0-9a-f-]+/)"[^>]*>{SUBJECT}', body)
        return next((one for one in found if waits(officer, one)), "")

    with story.step("It arrives by itself", who=who.name, node=who.node):
        officer = story.enter(key)
        return story.until(lambda: there(officer), f"{SUBJECT} arrives at {who.name}'s")


def waits(officer: Browser, address: str) -> bool:
    """Whether nobody has entered it yet."""
    officer.open(address)
    return any(form.action.endswith("/register/") for form in officer.page.forms)


def press(officer: Browser, address: str, verb: str, typed: Mapping[str, str] | None = None) -> None:
    """One decision on the page of a document."""
    officer.open(address)
    officer.submit(dict(typed or {}), to=f"/{verb}/")


def work(story: Story, commune: str) -> None:
    """Entered, assigned with a sentence, begun."""
    with story.step("Enters it", who=NIEM.name, node="laocai"):
        press(story.enter(NIEM.key), commune, "register")
    with story.step("Assigns it with one sentence and three days", who=LUA.name, node="laocai"):
        head = story.enter(LUA.key)
        head.open(commune)
        whom = {"to": option(head, "to", DUA.name), "instruction": "Lập báo cáo rà soát.", "days": "3"}
        head.submit(whom, to="/assign/")
    with story.step("Begins", who=DUA.name, node="laocai"):
        press(story.enter(DUA.key), commune, "begin")


def answer(story: Story, commune: str) -> None:
    """The commune's answer names what it answers, and goes to whoever wrote it."""
    with story.step("Writes the answer", who=DUA.name, node="laocai"):
        officer = story.enter(DUA.key)
        officer.open(f"/desk/outgoing/write/?answers={commune.split('/')[3]}")
        begun = officer.form(has="subject").values
        story.check("the answer is begun to the one who wrote", "G22", begun["receivers"].strip())
        officer.submit({"text": "Phường đã rà soát, không có thủ tục cần sửa đổi."}, has="subject")
        address = officer.page.path
        officer.submit(to="/submit/")
    with story.step("Signs the answer", who=LUA.name, node="laocai"):
        press(story.enter(LUA.key), address, "sign", {"position": "CHỦ TỊCH"})
    with story.step("Seals and sends the answer", who=NIEM.name, node="laocai"):
        press(story.enter(NIEM.key), address, "issue")
    with story.step("The answer is at the Government Office", who=TEM.name, node="vpcp"):
        clerk = story.enter(TEM.key)
        story.until(
            lambda: "Trả lời văn bản số" in clerk.open("/desk/incoming/").text,
            "the answer arrives at the top",
        )


def ask_back(story: Story, address: str, province: str, commune: str) -> None:
    """Asked back after two had begun: each answers for itself, and the page at the top says who did what."""
    with story.step("Asks it back", who=TEM.name, node="vpcp"):
        clerk = story.enter(TEM.key)
        press(clerk, address, "recall", {"reason": "Số liệu ở mục 2 chưa đúng."})
    with story.step("The province agrees", who=PHONG.name, node="laocai"):
        agree(story, PHONG.key, province)
    with story.step("The commune has its answer out already and keeps it", who=NIEM.name, node="laocai"):
        below = story.enter(NIEM.key)
        asked_back(story, below, commune)
        press(below, commune, "keep_on", {"reason": "Đã báo cáo xong."})
    with story.step("Sees who has given it back", who=TEM.name, node="vpcp"):
        told = states(story, clerk, address, {"Lào Cai": "Đã trả lại", "Sa Pa": "Không trả lại"})
        story.check("each receiver's own answer is shown", True, told)


def agree(story: Story, key: str, address: str) -> None:
    officer = story.enter(key)
    asked_back(story, officer, address)
    press(officer, address, "give_back")


def asked_back(story: Story, officer: Browser, address: str) -> None:
    """Wait until the recall is here."""
    story.until(
        lambda: (
            any(form.action.endswith("/keep_on/") for form in officer.open(address).forms)
            and "Số liệu ở mục 2" in officer.page.text
        ),
        "the recall arrives",
    )


def states(story: Story, officer: Browser, address: str, wanted: Mapping[str, str]) -> bool:
    """Wait until the page says of each receiver what is wanted."""

    def said() -> bool:
        parts = officer.open(address).body.decode().split('<h3 id="at-')[1:]
        heads = [re.sub(r"<[^>]+>", " ", part.partition("</h3>")[0]).casefold() for part in parts]
        return all(
            any(name.casefold() in head and words.casefold() in head for head in heads)
            for name, words in wanted.items()
        )

    return story.until(said, f"the page says {wanted}")
