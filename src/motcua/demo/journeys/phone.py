"""A leader signs on a phone: told, read, proven to be present, signed; sealed by the clerk, and followed to its receiver."""

import hashlib
import hmac
import re
import secrets
import struct
import time
from base64 import b32decode

from motcua.demo.browser import Browser
from motcua.demo.journeys.dispatch import press
from motcua.demo.journeys.morning import several, ticked
from motcua.demo.journeys.office import option
from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY, PASSWORD

DUA, LAM, BUOI, THAC, NIEM, PHONG = (BY_KEY[key] for key in ("dua", "lam", "buoi", "thac", "niem", "phong"))
TEXT = (
    "Thực hiện kế hoạch phòng, chống thiên tai năm nay, phường đã rà soát 14 điểm có nguy cơ sạt lở.\n"
    "Kính đề nghị Ủy ban nhân dân tỉnh hỗ trợ kinh phí di dời 6 hộ dân trước mùa mưa.\nTrân trọng."
)
OPINION = "Đã đối chiếu danh sách hộ dân, nhất trí nội dung."
PERIOD = 30  # seconds a code of the app holds
FURTHER = ("Danh sách hộ dân di dời", "Báo cáo rà soát điểm sạt lở")


def phone(story: Story) -> None:
    """Nothing but a browser of 360 points: the notice, the draft, the code of the app, the signature, the way to the receiver."""
    mark = f"đợt {secrets.randbelow(900_000) + 100_000}"
    subject = f"Hỗ trợ kinh phí di dời hộ dân, {mark}"
    leader = story.enter(THAC.key)
    with story.step("Adds an app for codes to the account", who=THAC.name, node="laocai"):
        secret = add_app(leader)
    try:
        address = prepare(story, subject)
        read(story, leader, address)
        sign(story, leader, address, secret)
        others = sign_others(story, leader, mark)
        follow(story, leader, [address, *others], subject)
    finally:
        remove_app(leader)


def prepare(story: Story, subject: str) -> str:
    """Drafted, initialled by one colleague, judged by another, and sent to be signed; return the address of its page."""
    with story.step("Drafts, and asks two colleagues", who=DUA.name, node="laocai"):
        drafter = story.enter(DUA.key)
        drafter.open("/desk/outgoing/write/")
        drafter.submit({"subject": subject, "text": TEXT, "receivers": "H38"}, has="subject")
        address = drafter.page.path
        for colleague, wanted in ((LAM, "content"), (BUOI, "opinion")):
            whom = {"to": drafter.choice("to", colleague.name), "wanted": wanted, "words": "Xem số liệu"}
            drafter.submit(whom, to="/route/")
    with story.step("Initials the content", who=LAM.name, node="laocai"):
        press(story.enter(LAM.key), address, "initial")
    with story.step("Gives an opinion", who=BUOI.name, node="laocai"):
        press(story.enter(BUOI.key), address, "opine", {"words": OPINION})
    with story.step("Sends it to the Vice Chair", who=DUA.name, node="laocai"):
        submit(drafter, address)
    return address


def submit(drafter: Browser, address: str) -> None:
    """It goes to the Vice Chair by name."""
    drafter.open(address)
    drafter.submit({"to": option(drafter, "to", THAC.name)}, to="/submit/")


def read(story: Story, leader: Browser, address: str) -> None:
    """From the notice to the draft, its print, and what colleagues said."""
    with story.step("Is told, and opens the draft from the notice", who=THAC.name, node="laocai"):
        waits = "Văn bản chờ bạn ký"
        story.until(lambda: waits in leader.open("/desk/notices/").text, "the leader is told")
        story.show(leader, "leader-notice")
        leader.submit(to="/open/")
        story.check("the notice leads to the draft", address, leader.page.path)
        story.check("what the colleague said stands there", True, OPINION in leader.page.text)
        story.show(leader, "leader-draft")
    with story.step("Reads it in print", who=THAC.name, node="laocai"):
        printed = leader.download(to="/preview.pdf")
        story.check("the print is a PDF", b"%PDF-", printed[:5])


def sign(story: Story, leader: Browser, address: str, secret: str) -> None:
    """Pressed without having shown who one is, nothing is signed; after the code of the app it is."""
    with story.step("Presses sign, and is asked who it is", who=THAC.name, node="laocai"):
        leader.submit(to="/sign/")
        story.check("a code of the app is asked for", True, "reauthenticate" in leader.page.path)
        story.show(leader, "leader-code")
        give_code(story, leader, secret)
        story.check("the code leads back to the draft", address, leader.page.path)
    with story.step("Signs", who=THAC.name, node="laocai"):
        leader.submit(to="/sign/")
        story.check("it has its number", True, bool(re.search(r"\d+/UBND", leader.page.text)))
        story.show(leader, "leader-signed")


def sign_others(story: Story, leader: Browser, mark: str) -> list[str]:
    """Two more, in one go: the code holds for some minutes."""
    addresses = []
    with story.step("Sends two more to be signed", who=DUA.name, node="laocai"):
        drafter = story.enter(DUA.key)
        for words in FURTHER:
            drafter.open("/desk/outgoing/write/")
            drafter.submit({"subject": f"{words}, {mark}", "text": TEXT, "receivers": "H38"}, has="subject")
            addresses.append(drafter.page.path)
            submit(drafter, addresses[-1])
    with story.step("Signs both at once", who=THAC.name, node="laocai"):
        leader.open("/desk/")
        leader.follow(to="/several/")
        several(leader, "sign", [address.split("/")[3] for address in addresses])
        story.show(leader, "leader-several")
        leader.submit({"document": ticked(leader)}, to="/several/sign/")
        story.check("both are signed", True, "Đã xong 2 văn bản" in leader.page.text)
    return addresses


def follow(story: Story, leader: Browser, addresses: list[str], subject: str) -> None:
    """The clerk seals and sends all three; the province enters one, and the leader sees so on the phone."""
    with story.step("Seals and sends all three at once", who=NIEM.name, node="laocai"):
        clerk = story.enter(NIEM.key)
        several(clerk, "issue", [address.split("/")[3] for address in addresses])
        clerk.submit({"document": ticked(clerk)}, to="/several/issue/")
        story.check("three are on their way", True, "Đã xong 3 văn bản" in clerk.page.text)
        document = clerk.open(f"{addresses[0]}files/0/").body
        story.check("person and agency have signed it", 2, document.count(b"/ETSI.CAdES.detached"))
    with story.step("Enters it at the province", who=PHONG.name, node="laocai"):
        province = story.enter(PHONG.key)

        def there() -> str:
            body = province.open("/desk/incoming/?heap=arrived").body.decode()
            return next(iter(re.findall(rf'href="(/desk/incoming/[0-9a-f-]+/)"[^>]*>{subject}', body)), "")

        press(province, story.until(there, "it arrives at the province"), "register")
    with story.step("Sees on the phone where it stands", who=THAC.name, node="laocai"):
        story.until(
            lambda: "Đã vào sổ" in leader.open(addresses[0]).text or "vào sổ" in leader.page.text.casefold(),
            "the state comes back",
        )
        story.show(leader, "leader-states", at="h3[id^=at-]")
    story.check_journals(("laocai",))


def add_app(leader: Browser) -> str:
    """The account has an app for codes from now on; return what the app keeps."""
    leader.open("/account/2fa/totp/activate/")
    if "reauthenticate" in leader.page.path:
        leader.submit({"password": PASSWORD}, has="password")
    secret = str(re.findall(r'value="([A-Z2-7]{32})"', leader.page.body.decode())[0])
    leader.submit({"code": code_of(secret)}, has="code")
    return secret


def give_code(story: Story, leader: Browser, secret: str) -> None:
    """The code that holds now; one that has just lapsed, or was used, is followed by the next."""
    tried: set[str] = set()

    def is_taken() -> bool:
        code = code_of(secret)
        if "reauthenticate" in leader.page.path and code not in tried:
            tried.add(code)
            leader.submit({"code": code}, has="code")
        return "reauthenticate" not in leader.page.path

    story.until(is_taken, "the code of the app is taken", patience=3 * PERIOD)


def code_of(secret: str) -> str:
    """What an app shows now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // PERIOD)
    digest = hmac.new(b32decode(secret), moment, hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def remove_app(leader: Browser) -> None:
    """The account is as it was before."""
    leader.open("/account/2fa/totp/deactivate/")
    if "reauthenticate" in leader.page.path:
        leader.submit({"password": PASSWORD}, has="password")
    leader.submit(to="/deactivate/")
