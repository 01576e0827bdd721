"""At the counter: a card is read, copies are certified while the applicant waits, the fee is paid in cash."""

import re

from motcua.demo.journeys.story import Story
from motcua.demo.people import BY_KEY

SUONG, DOI = BY_KEY["suong"].name, BY_KEY["doi"]
CERTIFY = "2.000815"
A5 = (420, 595)  # points: 148 × 210 mm


def counter(story: Story) -> None:
    """Received, paid, decided and handed over in one visit; who asks elsewhere finds it by its code."""
    with story.step("Reads the card and names the procedure", who=SUONG, node="laocai"):
        officer = story.enter("suong")
        officer.open("/desk/counter/")
        story.show(officer, "officer-counter")
        officer.submit({"procedure": CERTIFY, "who": card(), "way": "self"}, has="procedure")
        story.show(officer, "officer-intake")
        story.check("the card has filled in the name", True, DOI.name in values(officer.page.body))
    with story.step("Takes down what was brought; the result is given at once", who=SUONG, node="laocai"):
        officer.submit(
            {
                "applicant_phone": "0000123456",
                "paper_kind": "degree",
                "has-original": "on",
                "paper_name": "Bằng tốt nghiệp trung học phổ thông",
                "paper_issuer": "Trường Trung học phổ thông Sa Pa",
                "pages": "2",
                "copies": "3",
                "counter-verdict": "at_once",
                "counter-words": "Đã chứng thực 03 bản sao.",
                "counter-receipt": "on",
            },
            has="counter-verdict",
        )
        story.show(officer, "officer-taken")
        code = found(r"H38\.03006-\d{6}-\d{4}", officer.page.text)
        story.check("the dossier has its legal code", True, bool(code))
    with story.step("Prints the receipts", who=SUONG, node="laocai"):
        papers = [
            href for href, _words in officer.page.links if re.search(r"/desk/dossiers/[^/]+/documents/", href)
        ]
        sizes = [page_size(officer.client.get(href).content) for href in dict.fromkeys(papers)]
        story.check("form 01 fits on A5", True, A5 in sizes)
    with story.step("Asks by the code, without signing in", who=DOI.name, node="vpcp"):
        anyone = story.visit("vpcp")

        def ended() -> bool:
            return "Đã trả kết quả" in anyone.client.get(f"/tracking/{code}/").text

        story.until(ended, "the tracking page never says that the result was given")


def card() -> str:
    """What the QR code of an identity card holds (number, old number, name, birthday, sex, address, issued on)."""
    born = "".join(reversed(DOI.born_on.split("-")))
    return f"{DOI.number}||{DOI.name}|{born}|Nam|{DOI.address}|01072025"


def values(body: bytes) -> str:
    """What stands in the fields of a page."""
    return " ".join(re.findall(r'value="([^"]*)"', body.decode()))


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[0] if match else ""


def page_size(pdf: bytes) -> tuple[int, int]:
    """Width and height of the first page in points."""
    box = re.search(rb"/MediaBox ?\[([\d. ]+)\]", pdf)
    width, height = [round(float(number)) for number in box[1].split()[2:]] if box else (0, 0)
    return width, height
