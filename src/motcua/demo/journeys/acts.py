"""What people do in the stories, each act through the pages they would use."""

import secrets
import struct
import zlib
from datetime import date, timedelta
from http import HTTPStatus
from itertools import count

from motcua.demo.browser import Browser, Page
from motcua.demo.journeys.story import Story
from motcua.demo.journeys.typing import answer_all
from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY

MAY, SUONG, LAM, LUA = (BY_KEY[key].name for key in ("may", "suong", "lam", "lua"))
CHILDREN = count(1)

# What the mother types where the register could not fill in.
ANSWERS = {
    "relation": "mother",
    "applicant_phone": "0912345678",
    "child_surname": "Lý",
    "child_sex": "female",
    "child_born_at": "Bệnh viện đa khoa khu vực Sa Pa",
    "child_born_in": "Phường Sa Pa, tỉnh Lào Cai",
    "child_home_town": "Xã Tả Van, tỉnh Lào Cai",
    "child_ethnicity": "Kinh",
    "child_nationality": "Việt Nam",
    "mother_known": "true",
    "mother_ethnicity": "Kinh",
    "mother_nationality": "Việt Nam",
    "father_known": "true",
    "father_number": BY_KEY["suoi"].number,
    "father_name": BY_KEY["suoi"].name,
    "father_birth_year": "1994",
    "father_ethnicity": "Kinh",
    "father_nationality": "Việt Nam",
    "father_residence": BY_KEY["suoi"].address,
    "lives_with": "mother",
    "clinic": "Trạm Y tế phường Sa Pa",
}
MIDDLE = [
    "Hạ",
    "Bảo",
    "Cẩm",
    "Diệu",
    "Gia",
    "Hải",
    "Khánh",
    "Lan",
    "Minh",
    "Ngọc",
    "Phương",
    "Quỳnh",
    "Thanh",
    "Thu",
]
GIVEN = [
    "An",
    "Bình",
    "Chi",
    "Dung",
    "Giang",
    "Hoa",
    "Hương",
    "Lam",
    "Linh",
    "Mai",
    "Nga",
    "Nhi",
    "Oanh",
    "Thảo",
]


def delivered(story: Story) -> int:
    """How many dossiers the Government Office has counted as delivered so far."""
    return int(story.inspect("vpcp", "-")["counts"]["delivered"])


def apply(story: Story, *, key: str = "may", is_known: bool = True, agency: str = SA_PA) -> str:
    """A citizen finds the procedure, fills in the form, uploads the paper, sends; return the application's id."""
    person = BY_KEY[key]
    with story.step("Signs in and finds the procedure by “dang ky khai sinh”", who=person.name, node="vpcp"):
        citizen = story.enter(key)
        citizen.open("/procedures/?q=dang+ky+khai+sinh")
        story.show(citizen, "citizen-search")
        citizen.follow(to="/procedures/2.000986/")
        story.show(citizen, "citizen-procedure")
    with story.step("Begins; the population register fills in what it knows", who=person.name, node="vpcp"):
        citizen.open("/procedures/2.000986/begin/")
        story.show(citizen, "citizen-consent", at="main form")
        citizen.submit({"agency": agency, "may_read": "on"}, has="agency")
        if not is_known:
            story.check(
                "the page says that the register does not know the number",
                True,
                "Không mất gì cả" in citizen.page.text,
            )
    with story.step("Answers, one group a page", who=person.name, node="vpcp"):
        answer_all(citizen, newborn(key))
    application = citizen.page.path.split("/")[2]
    story.show(citizen, "citizen-form", of=f"/applications/{application}/form/mother/", at="main form")
    with story.step("Uploads the certificate of live birth", who=person.name, node="vpcp"):
        citizen.submit(
            has="file", to="papers", files={"file": ("giay-chung-sinh.png", photograph(), "image/png")}
        )
        story.show(citizen, "citizen-papers", at=".file")
    with story.step("Checks and sends", who=person.name, node="vpcp"):
        citizen.open(f"/applications/{application}/check/")
        story.show(citizen, "citizen-check")
        citizen.submit(to="/send/")
        story.check("the page says that the dossier has been sent", True, "Hồ sơ" in citizen.page.heading)
    return application


def newborn(key: str) -> dict[str, str]:
    """What to answer about a child and its mother; another one each time, for the same child is entered once."""
    person = BY_KEY[key]
    born = date.today() - timedelta(days=1 + secrets.randbelow(50))  # noqa: DTZ011 — the day on this machine's wall
    return {
        **ANSWERS,
        "child_middle_name": secrets.choice(MIDDLE),
        "child_given_name": secrets.choice(GIVEN),
        "child_born_on_day": str(born.day),
        "child_born_on_month": str(born.month),
        "child_born_on_year": str(born.year),
        "mother_number": person.number,
        "mother_name": person.name,
        "mother_birth_year": person.born_on[:4],
        "mother_residence": person.address,
        "household_number": person.number,
        "child_address": person.address,
    }


def photograph() -> bytes:
    """A small true PNG, each a little different, as photographs are."""
    shade = next(CHILDREN) % 256

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + bytes([shade] * 8) for _row in range(8))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def at_desk(story: Story, key: str, application: str) -> Browser:
    """An officer opens the dossier from the work list, once it is there."""
    officer, path = story.enter(key), f"/desk/dossiers/{application}/"
    story.until(
        lambda: officer.client.get(path).status_code == HTTPStatus.OK, "the dossier does not come to the desk"
    )
    officer.open(path)
    return officer


def receive(story: Story, application: str) -> str:
    """The one-stop officer receives; return the legal code."""
    with story.step("Finds the dossier in the work list and receives it", who=SUONG, node="laocai"):
        officer = at_desk(story, "suong", application)
        story.show(officer, "officer-worklist", of="/desk/")
        story.show(officer, "officer-receive")
        officer.submit(to="/accept/")
        code = next(
            word
            for word in officer.page.text.replace(",", " ").split()
            if word.startswith("H38.03006-") and len(word) > 20
        )
    with story.step("Has the code, the appointment and form 01", who=MAY, node="vpcp"):
        citizen = follow(story, application, "receipt", "Giấy tiếp nhận")
        story.show(citizen, "citizen-following")
        story.show(citizen, "citizen-tracking", of=f"/tracking/{code}/")
    return code


def follow(story: Story, application: str, _what: str, words: str, *, key: str = "may") -> Browser:
    """The applicant looks at their page until it says something."""
    citizen = Browser(story.world.url("vpcp"))
    citizen = story.enter(key if applicant_of(story, application, key) else "lach")
    story.until(
        lambda: words in citizen.open(f"/applications/{application}/").text,
        f"the applicant's page never says “{words}”",
    )
    return citizen


def applicant_of(story: Story, application: str, key: str) -> bool:
    """Whether this person can see the application; another's does not exist for them."""
    return story.enter(key).client.get(f"/applications/{application}/").status_code == 200


def examine(story: Story, application: str) -> None:
    """The civil-status officer examines and proposes."""
    with story.step("Examines and proposes", who=LAM, node="laocai"):
        officer = at_desk(story, "lam", application)
        officer.submit({"opinion": "Đủ điều kiện đăng ký khai sinh."}, to="/propose/")
        story.show(officer, "officer-waiting")


def await_others(story: Story, application: str) -> None:
    """Justice, Public Security and Social Security do their steps."""
    with story.step(
        "Birth registered, number given, residence registered, card issued",
        who="–",
        node="tuphap, congan, bhxh",
    ):
        chair = story.enter("lua")
        story.until(
            lambda: any(
                "/sign/" in form.action for form in chair.open(f"/desk/dossiers/{application}/").forms
            ),
            "the other agencies do not finish",
            patience=120,
        )


def sign(story: Story, application: str) -> None:
    """The chair signs the certificate."""
    with story.step("Signs the birth certificate; the seal is set", who=LUA, node="laocai"):
        chair = at_desk(story, "lua", application)
        story.show(chair, "officer-sign")
        story.show(chair, "officer-agency", of="/desk/agency/")
        chair.submit(to="/sign/")


def take_result(story: Story, application: str) -> None:
    """The mother downloads the certificate; anyone verifies it; she rates."""
    with story.step("Downloads the certificate", who=MAY, node="vpcp"):
        citizen = follow(story, application, "result", "Giấy khai sinh")
        link = next(
            href for href, words in citizen.page.links if "/files/" in href and "Giấy khai sinh" in words
        )
        pdf = citizen.download(to=link)
        story.show(citizen, "citizen-result")
        story.show(citizen, "citizen-wallet", of="/my/papers/")
        story.show(citizen, "citizen-data", of="/my/data/")
    with story.step("Rates the service", who=MAY, node="vpcp"):
        citizen.submit(
            dict.fromkeys(("overall", "convenience", "timeliness", "attitude"), "3"), has="overall"
        )
    with story.step("Anyone verifies the file by uploading it", who="Anyone", node="laocai"):
        anyone = story.visit("laocai")
        anyone.open("/verify/")
        anyone.submit(has="file", files={"file": ("giay-khai-sinh.pdf", pdf, "application/pdf")})
        story.show(anyone, "citizen-verify")
        story.check(
            "both signatures stand on the public page",
            (True, True),
            (LUA in anyone.page.text, "Sa Pa" in anyone.page.text),
        )
        story.check("the certificate is verified on the public page", "ok", verdict(anyone))
        changed = bytearray(pdf)
        changed[len(changed) // 3] ^= 1
        anyone.open("/verify/")
        anyone.submit(has="file", files={"file": ("giay-khai-sinh.pdf", bytes(changed), "application/pdf")})
        story.check("with one byte changed it is not", "not ok", verdict(anyone))


def verdict(anyone: Browser) -> str:
    """What the seal on the verification page says."""
    return "ok" if b'class="signature ok"' in anyone.page.body else "not ok"


def check_end(story: Story, code: str, *, before: int, states: list[int] | None = None) -> None:
    """Records, readings, journals, tracking, numbers."""
    with story.step("Looks at what every node has written down", who="–", node="all"):
        known = {node: story.inspect(node, code) for node in ("vpcp", "laocai", "tuphap", "congan", "bhxh")}
    story.check(
        "the birth stands in the civil status register, resting on the dossier", 1, known["tuphap"]["births"]
    )
    story.check("the child stands in the population register, resting on it", 1, known["congan"]["persons"])
    story.check("and lives there with the mother", 1, known["congan"]["residences"])
    story.check("the card stands in the insurance register, resting on it", 1, known["bhxh"]["cards"])
    story.check(
        "the reading of the mother's record is logged",
        True,
        "population.person" in known["congan"]["readings"],
    )
    story.check_journals(known)
    story.check("tracking saw the states in order", states or [1, 2, 4, 9, 10], known["vpcp"]["states"])
    story.until(
        lambda: delivered(story) == before + 1,
        "the Government Office does not count the dossier",
        patience=20,
    )
    story.check("the Government Office counts one dossier more", before + 1, delivered(story))


def ask_supplement(story: Story, application: str) -> None:
    """The officer asks for what is missing, once."""
    with story.step("Asks for a better photograph (form 02); the clock stands still", who=LAM, node="laocai"):
        officer = at_desk(story, "lam", application)
        story.show(officer, "officer-supplement", of=f"/desk/dossiers/{application}/supplement/")
        officer.submit(
            {"reason": "Ảnh giấy chứng sinh bị lóa. Chụp lại giúp, tránh đèn thẳng."}, to="/supplement/"
        )


def supply(story: Story, application: str) -> None:
    """The mother adds a new photograph and sends it."""
    with story.step("Reads what is missing, adds a new photograph, sends", who=MAY, node="vpcp"):
        citizen = follow(story, application, "request", "bị lóa")
        story.show(citizen, "citizen-supplement")
        citizen.submit(has="file", files={"file": ("chup-lai.png", photograph(), "image/png")})
        citizen.submit({"note": "Tôi đã chụp lại."}, to="/supply/")
    with story.step("Sees the dossier running again", who=LAM, node="laocai"):
        officer = story.enter("lam")
        story.until(
            lambda: any(
                "/propose/" in form.action for form in officer.open(f"/desk/dossiers/{application}/").forms
            ),
            "the supplement does not arrive",
        )


def refuse(story: Story, application: str) -> None:
    """The desk does not take the dossier."""
    with story.step("Refuses and says why (form 03)", who=SUONG, node="laocai"):
        officer = at_desk(story, "suong", application)
        officer.submit({"reason": "Bé đã được đăng ký khai sinh tại xã Tả Van."}, to="/refuse/")
    with story.step("Reads the reason and has form 03", who=MAY, node="vpcp"):
        citizen = follow(story, application, "refusal", "Phiếu từ chối")
        story.check(
            "the page gives the reason", True, "đã được đăng ký khai sinh tại xã Tả Van" in citizen.page.text
        )


def withdraw(story: Story, application: str) -> None:
    """The mother takes the dossier back."""
    with story.step("Withdraws the dossier", who=MAY, node="vpcp"):
        citizen = story.enter("may")
        citizen.open(f"/applications/{application}/")
        citizen.submit({"reason": "Gia đình đăng ký ở nơi khác."}, to="/withdraw/")
        citizen = follow(story, application, "withdrawn", "Bạn đã rút hồ sơ này")
    with story.step("Sees it as withdrawn", who=LAM, node="laocai"):
        officer = at_desk(story, "lam", application)
        story.check(
            "nothing can be decided any more",
            [],
            decisions(officer.page, application),
        )


def decisions(page: Page, application: str) -> list[str]:
    """What the desk's page offers to do with the dossier; a note to colleagues or a slip to print decides nothing."""
    own = f"/desk/dossiers/{application}/"
    beside = ("/note/", "/control-slip/")
    return [form.action for form in page.forms if own in form.action and not form.action.endswith(beside)]


def see_why_it_waits(story: Story, application: str) -> None:
    """The dossier's page says for whom it waits and why."""
    with story.step("Sees for whom the dossier waits, and why", who=LAM, node="laocai"):
        officer = story.enter("lam")

        def said() -> bool:
            text = officer.open(f"/desk/dossiers/{application}/").text
            return "BHXH Việt Nam" in text and "sẽ gửi lại ngay khi nút trả lời" in text

        story.until(said, "the page never says why it waits")
        story.check(
            "the page says that Social Security does not answer and when it is tried again", True, said()
        )
