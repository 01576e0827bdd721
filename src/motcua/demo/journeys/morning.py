"""A clerk's morning: sixty documents came over night, and all of them are dealt with before the head sits down."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

from motcua.demo.browser import Browser
from motcua.demo.journeys.dispatch import press
from motcua.demo.journeys.office import option
from motcua.demo.journeys.story import Story
from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY

TEM, PHONG, NIEM, LUA, DUA, BUOI = (BY_KEY[key] for key in ("tem", "phong", "niem", "lua", "dua", "buoi"))
FROM_ABOVE, FROM_THE_PROVINCE = 39, 20  # and one of them a second time: sixty
PATIENCE = 300
TASKS = (
    "Báo cáo",
    "Rà soát",
    "Kế hoạch",
    "Hướng dẫn",
    "Kiểm tra",
    "Thẩm định",
    "Góp ý",
    "Đôn đốc",
    "Tập huấn",
    "Công khai",
)
MATTERS = (
    "thủ tục hành chính",
    "phòng chống thiên tai",
    "đất đai",
    "tiêm chủng",
    "chuyển đổi số",
    "ngân sách",
    "hộ tịch",
    "trật tự xây dựng",
    "bảo hiểm y tế",
    "tuyển sinh",
)
# What is not as with any other, by its place among those of the Government Office.
URGENT, ELSEWHERE, PROGRAM, TWICE, RECALLED = 3, 11, 17, 23, 31
SENTENCE = "Rà soát tại phường, báo cáo trước thứ Sáu."
ENOUGH = 25  # pages for sixty documents; one by one they would be two hundred


def morning(story: Story) -> None:
    """What needs an eye is looked at, the rest is entered in one go; the head assigns, and the senders see where each stands."""
    mark = f"đợt {secrets.randbelow(900_000) + 100_000}"
    with story.step(
        "Thirty-nine documents are sent over night, one of them twice", who=TEM.name, node="vpcp"
    ):
        story.world.send("vpcp", list(from_above(mark)))
    with story.step("Twenty more come from the province", who=PHONG.name, node="laocai"):
        story.world.send("laocai", list(from_the_province(mark)))
    clerk = story.enter(NIEM.key)
    with story.step("Sixty documents wait in the morning", who=NIEM.name, node="laocai"):
        story.until(
            lambda: (
                len(rows(clerk, mark)) == FROM_ABOVE + FROM_THE_PROVINCE + 1 and has_been_asked_back(clerk)
            ),
            "sixty documents arrive",
            patience=PATIENCE,
        )
        clerk.open("/desk/incoming/")
        story.show(clerk, "officer-morning", at="tr:has-text('Cần xem')")
    before = clerk.turned
    look_at_some(story, clerk, mark)
    entered = enter_the_rest(story, clerk, mark)
    story.check(
        f"sixty documents take the clerk at most {ENOUGH} pages", True, clerk.turned - before <= ENOUGH
    )
    assign(story, mark, entered)
    with story.step("Reads what was given to her, and begins", who=BUOI.name, node="laocai"):
        begin(story, mark)
    with story.step("Sees from above where each of them stands", who=TEM.name, node="vpcp"):
        see_from_above(story, mark)
    story.check_journals(("vpcp", "laocai"))


def from_above(mark: str) -> Iterator[dict[str, Any]]:
    """What the Government Office sends, by the fields of a letter."""
    for place in range(FROM_ABOVE):
        subject = f"{TASKS[place % len(TASKS)]} {MATTERS[(place * 3 + place // 10) % len(MATTERS)]}"
        letter = {"agency": "G22", "to": SA_PA, "subject": f"{subject}, {mark}"}
        said: dict[int, dict[str, Any]] = {
            URGENT: {"urgency": 2, "subject": f"Ứng phó mưa lũ, sạt lở đất, {mark}"},
            ELSEWHERE: {"subject": f"Bố trí tái định cư tại xã Bắc Hà, {mark}"},
            PROGRAM: {"has_program": True, "subject": f"Biểu mẫu báo cáo kèm theo, {mark}"},
            TWICE: {"comes_twice": True, "subject": f"Tổng kết công tác năm, {mark}"},
            RECALLED: {"recalled": "Gửi nhầm bản dự thảo.", "subject": f"Quy chế phối hợp, {mark}"},
        }
        yield letter | said.get(place, {})


def from_the_province(mark: str) -> Iterator[dict[str, Any]]:
    """What the province sends."""
    for place in range(FROM_THE_PROVINCE):
        subject = f"{TASKS[-place % len(TASKS)]} {MATTERS[place % len(MATTERS)]} tại phường"
        yield {"agency": "H38", "to": SA_PA, "subject": f"{subject}, {mark}"}


def rows(browser: Browser, mark: str, heap: str = "arrived") -> list[tuple[str, str]]:
    """Address and subject of each of our documents in a heap of the list, which is left open at its last page."""
    found: list[tuple[str, str]] = []
    browser.open(f"/desk/incoming/?heap={heap}")
    while True:
        body = browser.page.body.decode().partition('id="ended"')[0]
        found += re.findall(rf'href="(/desk/incoming/[0-9a-f-]+/)"[^>]*>([^<]*{mark})<', body)
        further = [href for href, words in browser.page.links if "page=" in href and words == "Trang sau"]
        if not further:
            return list(dict.fromkeys(found))
        browser.open(f"/desk/incoming/{further[0]}")


def has_been_asked_back(browser: Browser) -> bool:
    """Whether the recall is here as well, on the page that is open."""
    return "Nơi gửi yêu cầu lấy lại văn bản này" in browser.page.text


def look_at_some(story: Story, clerk: Browser, mark: str) -> None:
    """The few that are not as the others, each on its own page; the list says which."""
    there = rows(clerk, mark)

    def opened(words: str, which: int = 0) -> str:
        found = [address for address, subject in there if words in subject]
        return found[which]

    with story.step("Enters what is urgent first", who=NIEM.name, node="laocai"):
        story.check("what is urgent stands first", opened("Ứng phó mưa lũ"), there[0][0])
        press(clerk, opened("Ứng phó mưa lũ"), "register")
    with story.step("Gives back what was sent by mistake", who=NIEM.name, node="laocai"):
        press(clerk, opened("Quy chế phối hợp"), "give_back")
    with story.step("Refuses what belongs to another commune", who=NIEM.name, node="laocai"):
        press(clerk, opened("tái định cư tại xã Bắc Hà"), "refuse", {"reason": "Văn bản gửi xã Bắc Hà."})
    with story.step("Refuses the second of two that are the same", who=NIEM.name, node="laocai"):
        again = next(
            address
            for address in (opened("Tổng kết công tác năm", which) for which in (0, 1))
            if "Văn bản này đã đến trước đó" in clerk.open(address).text
        )
        press(clerk, again, "refuse", {"reason": "Trùng văn bản đã đến."})
    with story.step(
        "Looks at the file that holds a program, and enters the letter without it",
        who=NIEM.name,
        node="laocai",
    ):
        clerk.open(opened("Biểu mẫu báo cáo"))
        story.check("its page says what is wrong", True, "chứa chương trình" in clerk.page.text)
        clerk.submit(to="/register/")


def enter_the_rest(story: Story, clerk: Browser, mark: str) -> list[int]:
    """All others with three clicks; return the numbers they were given."""
    with story.step("Enters all others in one go", who=NIEM.name, node="laocai"):
        clerk.open("/desk/incoming/?heap=arrived&page=1&all=1")
        several(clerk, "register")
        story.show(clerk, "officer-several")
        clerk.submit({"document": ticked(clerk)}, to="/several/register/")
        story.show(clerk, "officer-entered")
        body = clerk.page.body.decode()
        numbers = [int(number) for number in re.findall(r'<td><span class="num">(\d+)</span>', body)]
        story.check("they are numbered without a gap, in the order they came", ordered(numbers), numbers)
        left = rows(clerk, mark)
        story.check("nothing waits any more", [], left)
    return numbers


def ordered(numbers: list[int]) -> list[int]:
    """As many, counted up from the first."""
    return list(range(numbers[0], numbers[0] + len(numbers))) if numbers else [-1]


def ticked(browser: Browser) -> list[str]:
    """The documents chosen on the page that is open."""
    return re.findall(r'name="document" value="([^"]+)" checked', browser.page.body.decode())


def several(browser: Browser, verb: str, keys: list[str] | None = None) -> None:
    """Press a button below the list, with those chosen."""
    named = "".join(f"&document={key}" for key in keys or ticked(browser))
    browser.open(f"/desk/documents/several/?verb={verb}{named}")


def assign(story: Story, mark: str, entered: list[int]) -> None:
    """The head gives half of them to one officer and half to another, each half with one sentence."""
    head = story.enter(LUA.key)
    with story.step("Assigns all of them with two sentences", who=LUA.name, node="laocai"):
        keys = [address.split("/")[3] for address, _subject in rows(head, mark, "registered")]
        story.check("what was entered waits for the head", len(entered) + 2, len(keys))
        for officer, part in ((DUA, keys[::2]), (BUOI, keys[1::2])):
            several(head, "assign", part)
            whom = {"to": option(head, "to", officer.name), "instruction": SENTENCE, "days": "3"}
            head.submit({**whom, "document": ticked(head)}, to="/several/assign/")
        story.check("none is left to be assigned", [], rows(head, mark, "registered"))


def begin(story: Story, mark: str) -> None:
    """She hears of what she was given, and begins with the first."""
    officer = story.enter(BUOI.key)
    story.until(lambda: SENTENCE in officer.open("/desk/notices/").text, "she is told of her task")
    mine = rows(officer, mark, "working")
    press(officer, mine[0][0], "begin")


def see_from_above(story: Story, mark: str) -> None:
    """The list of what was sent says of each how far it is, without anybody having written a line."""
    sender = story.enter(TEM.key)

    def told() -> dict[str, int]:
        body = sender.open("/desk/outgoing/").body.decode()
        parts = [row for row in body.split("<tr>") if mark in row]
        words = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in parts]
        wanted = {"refused": "từ chối", "given back": "đồng ý cho lấy lại", "assigned": "phân công"}
        return {
            what: sum(said.casefold() in row.casefold() for row in words) for what, said in wanted.items()
        }

    story.until(
        lambda: (seen := told())["refused"] == 1 and seen["given back"] == 1 and seen["assigned"] >= 35,
        "the states come back",
        patience=PATIENCE,
    )
    story.show(sender, "officer-senders", at="#sent")
    story.check("one refused, one given back, the others assigned or begun", 1, told()["refused"])
