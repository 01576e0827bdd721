"""Three levels: handed in at the commune, examined by the province, decided and signed by the ministry, and down again."""

import re

from motcua.demo.browser import Browser
from motcua.demo.journeys.acts import photograph
from motcua.demo.journeys.counter import card, found
from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY

SUONG, BUOI, HANH, TRINH, LAI, HUU, QUYET, DOI = (
    BY_KEY[key] for key in ("suong", "buoi", "hanh", "trinh", "lai", "huu", "quyet", "doi")
)
PENSION = "1.015027"
DECIDED = "Quyết định về việc hưởng chế độ trợ cấp một lần"
VETERAN = {
    "applicant_phone": "0000123456",
    "veteran_name": "Ngô Văn Nương",
    "unit": "Công an huyện Mường Khương",
    "places": "Biên giới phía Bắc, từ tháng 02/1979 đến tháng 12/1982",
    "relation": "child",
    **{f"veteran_born_on_{part}": said for part, said in (("day", "5"), ("month", "3"), ("year", "1946"))},
    **{f"enlisted_on_{part}": said for part, said in (("day", "1"), ("month", "9"), ("year", "1966"))},
    **{f"left_on_{part}": said for part, said in (("day", "30"), ("month", "6"), ("year", "1990"))},
    **{f"died_on_{part}": said for part, said in (("day", "12"), ("month", "11"), ("year", "2024"))},
}
PAPERS = ("kin_declaration", "death", "service")


def levels(story: Story) -> None:
    """One dossier for the applicant and the country, three at work; what the ministry signs is what the applicant has."""
    dossier, code = hand_in(story)
    with story.step("Checks the papers and submits to the province", who=BUOI.name, node="laocai"):
        commune = story.enter(BUOI.key)
        commune.open(f"/desk/dossiers/{dossier}/")
        commune.submit({"note": "Đủ giấy tờ, đúng đối tượng thường trú tại phường."}, to="/complete/")
    above = received(story, HANH.key, code)
    with story.step("Examines, and submits to the ministry", who=TRINH.name, node="laocai"):
        province = story.enter(TRINH.key)
        told = province.open(above)
        story.show(province, "officer-levels")
        both = (code in told.text, "Đủ giấy tờ" in told.text)
        story.check("the province reads who submitted it and what was found there", (True, True), both)
        own = found(r"H38-\d{6}-\d{4}", told.text)
        province.submit({"note": "Đã thẩm tra hồ sơ lưu của Công an tỉnh."}, to="/complete/")
    decide(story, received(story, LAI.key, own))
    take(story, dossier, code)


def hand_in(story: Story) -> tuple[str, str]:
    """The son of a veteran comes to the counter; return the dossier's id and code."""
    with story.step("Reads the card, names the procedure and the case", who=SUONG.name, node="laocai"):
        officer = story.enter(SUONG.key)
        officer.open("/desk/counter/")
        officer.submit({"procedure": PENSION, "who": card(), "way": "self"}, has="procedure", expect=422)
        officer.submit({"case": "kin"}, has="case")
    with story.step("Takes down what was brought", who=SUONG.name, node="laocai"):
        scan = {"file-service": ("quyet-dinh-thoi-viec.png", photograph(), "image/png")}
        brought = {f"has-{one}": "on" for one in PAPERS}
        officer.submit({**VETERAN, **brought, "counter-verdict": "accept"}, has="counter-verdict", files=scan)
        code = found(r"H38\.03006-\d{6}-\d{4}", officer.page.text)
        story.check("the dossier has the code of the commune", True, bool(code))
    return officer.page.path.split("/")[3], code


def received(story: Story, key: str, code: str) -> str:
    """The one-stop desk above finds what was submitted from the dossier of this code, and receives it; return its address."""
    who = BY_KEY[key]
    with story.step("Receives what was submitted from below", who=who.name, node=who.node):
        officer = story.enter(key)
        story.until(lambda: submitted(officer, code), "what was submitted does not come to the desk above")
        officer.submit(to="/accept/")
    return officer.page.path


def submitted(officer: Browser, code: str) -> bool:
    """Whether one of the applicant's dossiers on the work list was submitted from the dossier of this code; it is open then."""
    officer.open("/desk/?q=ngo+van+doi")
    rows = [href for href, _words in officer.page.links if re.search(r"/desk/dossiers/[0-9a-f-]{36}/$", href)]
    return any(f"từ hồ sơ {code}." in officer.open(row).text for row in dict.fromkeys(rows))


def decide(story: Story, address: str) -> None:
    """The ministry examines and signs."""
    with story.step("Examines and proposes", who=HUU.name, node="congan"):
        officer = story.enter(HUU.key)
        officer.open(address)
        officer.submit({"opinion": "Đủ điều kiện hưởng trợ cấp một lần."}, to="/propose/")
    with story.step("Signs for the ministry; the seal is set", who=QUYET.name, node="congan"):
        chief = story.enter(QUYET.key)
        chief.open(address)
        chief.submit(to="/sign/")


def take(story: Story, dossier: str, code: str) -> None:
    """It comes down through the province to the counter, and to the applicant."""
    with story.step("Hands the ministry's decision over", who=SUONG.name, node="laocai"):
        officer = story.enter(SUONG.key)
        story.until(
            lambda: any(
                "/hand_over/" in form.action for form in officer.open(f"/desk/dossiers/{dossier}/").forms
            ),
            "the decision does not come down to the commune",
        )
        story.check("the log says who decided", True, "Bộ Công an" in officer.page.text)
        officer.submit(to="/hand_over/")
    with story.step("Has the decision in the wallet, signed by the ministry", who=DOI.name, node="vpcp"):
        citizen = story.enter(DOI.key)
        story.until(
            lambda: DECIDED in citizen.open("/my/papers/").text, "the decision does not come to the wallet"
        )
        citizen.follow(words=DECIDED)
        pdf = citizen.download(to="/file/")
    with story.step("Anyone verifies it by uploading it", who="Anyone", node="laocai"):
        anyone = story.visit("laocai")
        anyone.open("/verify/")
        anyone.submit(has="file", files={"file": ("quyet-dinh.pdf", pdf, "application/pdf")})
        both = (QUYET.name in anyone.page.text, "Bộ Công an" in anyone.page.text)
        story.check("it bears the ministry's signature and seal", (True, True), both)
    told = story.inspect("vpcp", code)
    story.check("the country saw one dossier on its way", [2, 4, 9, 10], told["states"])
    story.check_journals(("vpcp", "laocai", "congan"))
