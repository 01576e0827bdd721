"""A mother registers her child's birth: every page on the way, as she and the officers meet it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from motcua.demo.journeys.acts import ANSWERS
from motcua.demo.people import BY_KEY
from tests.journeys.pictures import keep, photograph
from tests.journeys.walking import DESK, PHONE, Walker

MAY = BY_KEY["may"]
BORN = datetime.now(UTC).date() - timedelta(days=5)
KNOWN = {
    **ANSWERS,
    "child_middle_name": "Khánh",
    "child_given_name": "Vy",
    "child_born_on_day": str(BORN.day),
    "child_born_on_month": str(BORN.month),
    "child_born_on_year": str(BORN.year),
    # What the register should have filled in; typed only if it has not, and then a test says so.
    "mother_number": MAY.number,
    "mother_name": MAY.name,
    "mother_birth_year": MAY.born_on[:4],
    "mother_residence": MAY.address,
    "child_address": MAY.address,
    "household_number": MAY.number,
    "receive_by": "electronic",
}


@dataclass(frozen=True)
class Seen:
    """What a page said first, and what was wrong with it."""

    heading: str
    faults: list


class Birth:
    """Plays the story once; `seen` holds every page by the name the story gives it, in the order of the story."""

    def __init__(self, land, chromium, looker, known=KNOWN):
        self.land, self.chromium, self.looker, self.known = land, chromium, looker, known
        self.seen, self.filled, self.people = {}, {}, {}
        self.application, self.certificate, self.refusal = "", b"", []
        self.code = self.printed_code = ""

    def play(self):
        mother = self.enter("may")
        self.find(mother)
        self.declare(mother)
        self.hand_in(mother)
        self.receive(mother)
        self.examine(mother)
        self.sign()
        self.take_result(mother)

    # People

    def anyone(self, node):
        """Who comes to a node without signing in."""
        return self.people.get(node) or self._came(node, Walker(self.chromium, self.land.url(node)))

    def enter(self, key):
        """One of the invented people, signed in; who is there already is not asked again."""
        return self.people.get(key) or self._came(key, self._signed_in(key))

    def _signed_in(self, key):
        person = BY_KEY[key]
        walker = Walker(self.chromium, self.land.url(person.node), screen=DESK if person.posts else PHONE)
        walker.sign_in(key)
        return walker

    def _came(self, name, walker):
        self.people[name] = walker
        return walker

    def look(self, walker, name):
        self.seen[name] = Seen(walker.heading, self.looker.faults(walker.page))

    # The mother applies

    def find(self, mother):
        self.look(mother, "home")
        mother.page.get_by_role("searchbox").fill("dang ky khai sinh")
        mother.press("Tìm")
        self.look(mother, "found")
        mother.click(mother.page.locator("a[href='/procedures/2.000986/']"))
        self.look(mother, "procedure")
        mother.follow("Bắt đầu")
        self.look(mother, "begin")
        mother.answer({"agency": "H38.03006"})
        mother.page.get_by_role("checkbox").check()
        mother.press("Tiếp tục")

    def declare(self, mother):
        """Page after page; what was there already is remembered with its source."""
        while "/form/" in (here := mother.page.url):
            group = here.split("/")[-2]
            self.look(mother, f"form: {group}")
            there = mother.answer(self.known)
            self.filled[group] = (there, mother.texts("form .field-source")[: len(there)])
            mother.press("Lưu và tiếp tục")
            assert mother.page.url != here, mother.text
        self.application = mother.page.url.split("/")[-3]

    def hand_in(self, mother):
        mother.give("giay-chung-sinh.png", b"not a picture at all", "image/png")
        mother.press("Tải lên")
        self.refusal = mother.texts(".field-error")
        self.look(mother, "refused file")
        mother.give("giay-chung-sinh.png", photograph(), "image/png")
        mother.press("Tải lên")
        self.look(mother, "papers")
        mother.follow("Tiếp tục")
        self.look(mother, "check")
        mother.press("Nộp hồ sơ")
        self.look(mother, "sent")

    # The officers

    def officer(self, key, verb):
        """At the dossier, as soon as there is something to do."""
        officer = self.enter(key)
        officer.wait_at(f"/desk/dossiers/{self.application}/", f"form[action$='/{verb}/']")
        return officer

    def receive(self, mother):
        officer = self.officer("suong", "accept")
        self.look(officer, "dossier to receive")
        officer.press("Tiếp nhận hồ sơ")
        officer.open("/desk/")
        self.look(officer, "work list")
        mother.wait_at(f"/applications/{self.application}/", "#letters")
        self.look(mother, "received")

    def examine(self, mother):
        officer = self.officer("lam", "propose")
        self.look(officer, "dossier to examine")
        keep(officer, "officer")
        officer.page.get_by_label("Ý kiến thẩm tra").fill("Đủ điều kiện đăng ký khai sinh.")
        officer.press("Đề xuất kết quả")
        mother.wait_for("đang được giải quyết")
        keep(mother, "citizen")
        self.look(mother, "examined")

    def sign(self):
        chair = self.officer("lua", "sign")
        self.look(chair, "dossier to sign")
        chair.press("Ký số kết quả")
        self.look(chair, "signed")

    # The mother has her certificate

    def take_result(self, mother):
        mother.wait_at(f"/applications/{self.application}/", "#rate")
        mother.wait_for("kết quả đã đến tay bạn")  # she may rate it from the signature on
        self.look(mother, "result")
        self.code = mother.texts(".breadcrumb .code")[0]
        self.printed_code = mother.texts(".files .hint")[0].rpartition(" · ")[2]
        self.certificate = mother.download("Tải về Giấy khai sinh")
        mother.answer(dict.fromkeys(("overall", "convenience", "timeliness", "attitude"), "3"))
        mother.press("Gửi đánh giá")
        self.look(mother, "rated")
