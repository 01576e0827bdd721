"""The portal's tables, flattened to text without any mark between cells, taken apart where that is certain."""

import re
from dataclasses import dataclass, field

from motcua.procedures.schema import Fee, LegalBasis, Paper, Result, Term, Text
from motcua.procedures.vocabulary import Channel, Unit

# Ways of filing: channel, time, fee, remark; e.g. "Trực tuyến7 Ngày làm việc10,000 Việt Nam Đồng(Thu 10.000 …)".

CHANNELS = {"Trực tuyến": Channel.ONLINE, "Dịch vụ bưu chính": Channel.POST, "Trực tiếp": Channel.DIRECT}
UNITS = {"Ngày làm việc": Unit.WORKING_DAYS, "Ngày": Unit.DAYS, "Giờ": Unit.HOURS, "Tháng": Unit.MONTHS}
WAYS_HEAD = "Hình thức nộpThời gianPhí, lệ phíMô tả"
CURRENCY = "Việt Nam Đồng|VNĐ|VND|Đồng|đồng"

WAY = re.compile(rf"({'|'.join(CHANNELS)})(?=\d|Không có thông tin|Miễn phí)")
TIME = re.compile(rf"(\d+) ?({'|'.join(UNITS)})")
BARE_TIME = re.compile(r"(\d+)(?=Miễn phí|Không có thông tin|$)")
FEE = re.compile(
    rf"(?:(?P<free>Miễn phí)|(?P<none>Không có thông tin)|(?P<amount>\d{{1,3}}(?:,\d{{3}})*|\d+) ?(?:{CURRENCY}))"
)
LEAST_BELIEVABLE = (
    1000  # “150 VNĐ(150.000 đồng/lần/thẻ.)”: the clerk dropped the thousands; we do not add them
)


@dataclass(frozen=True)
class Way:
    """One line of the table."""

    channel: Channel
    term: Term | None
    fee: Fee | None
    is_understood: bool


def ways(text: str) -> list[Way]:
    """Every way of filing the table names."""
    places = list(WAY.finditer(text.removeprefix(WAYS_HEAD)))
    body = text.removeprefix(WAYS_HEAD)
    ends = [place.start() for place in places[1:]] + [len(body)]
    return [
        way(CHANNELS[place[1]], body[place.end() : end].strip())
        for place, end in zip(places, ends, strict=True)
    ]


def way(channel: Channel, row: str) -> Way:
    term, rest = term_of(channel, row)
    fee, is_clear = fee_of(channel, rest)
    is_timed = term is None or term.unit is not None
    return Way(channel, term, fee, is_clear and is_timed)


def term_of(channel: Channel, row: str) -> tuple[Term | None, str]:
    """The time at the beginning of a row, and what follows; a number without its unit gets none."""
    if row.startswith("Không có thông tin"):
        return None, row.removeprefix("Không có thông tin")
    if timed := TIME.match(row):
        return Term(channels=(channel,), value=int(timed[1]), unit=UNITS[timed[2]], raw=timed[0]), row[
            timed.end() :
        ]
    if bare := BARE_TIME.match(row):
        return Term(channels=(channel,), raw=bare[1]), row[bare.end() :]
    return Term(channels=(channel,), raw=row), ""


def fee_of(channel: Channel, row: str) -> tuple[Fee | None, bool]:
    """The fee at the beginning of a row with its remark, and whether it is sure."""
    found = FEE.match(row)
    if not row:
        return None, False
    if found is None:
        return Fee(channels=(channel,), raw=row), False
    remark = row[found.end() :].strip().removesuffix("(")
    note = Text(vi=remark) if remark else None
    if found["none"]:
        return (Fee(channels=(channel,), note=note, raw=remark), True) if remark else (None, True)
    if found["free"]:
        # “Miễn phí(Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định …)” is not free.
        is_sure = not remark.startswith("(")
        return Fee(channels=(channel,), amount=0 if is_sure else None, note=note, raw=row), is_sure
    amount = int(found["amount"].replace(",", ""))
    is_sure = amount == 0 or amount >= LEAST_BELIEVABLE
    return Fee(channels=(channel,), amount=amount if is_sure else None, note=note, raw=row), is_sure


# Papers: a heading, then rows of name, template and count; e.g. "…Tên giấy tờMẫu đơn, tờ khaiSố lượng- Tờ khai1 bản chính".

PAPERS_HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
# A count is glued to the name before it and to the name after it; “nộp 01 bản chính và …” is part of a sentence.
COUNT = re.compile(r"(?<=[^\s\d(])(\d+) bản (chính|sao)(?:, ?(\d+) bản sao)?(?=$|[^\s,;.)])")
SECTION = re.compile(r"^\*? ?(Giấy tờ phải|Lưu ý|Hồ sơ|Thành phần hồ sơ)", re.IGNORECASE)
TEMPLATE = re.compile(r"(?<=[);.])([^\s);.][^);]*\.(?:docx?|pdf|xlsx?|rar|zip))$")


@dataclass
class Asked:
    """The papers, the cases that ask for them, and what was left."""

    papers: list[Paper] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    left_over: str = ""


def papers(text: str) -> Asked:
    """The papers of every case."""
    asked = Asked()
    heading, *blocks = text.split(PAPERS_HEAD)
    if not blocks:
        return Asked(left_over=text)
    for block in blocks:
        heading = add_block(asked, heading.strip(), block)
    asked.left_over += heading.strip()
    return asked if len(asked.cases) > 1 else without_cases(asked)


def without_cases(asked: Asked) -> Asked:
    """One heading alone is no alternative: it only introduces the papers."""
    headings = {id_: Text(vi=heading) for id_, heading in asked.cases.items()}
    asked.papers = [
        paper.model_copy(update={"cases": (), "section": headings[paper.cases[0]]}) if paper.cases else paper
        for paper in asked.papers
    ]
    asked.cases = {}
    return asked


def add_block(asked: Asked, heading: str, block: str) -> str:
    """Add the rows under one heading; what follows the last count is the next heading."""
    case, section = "", None
    if heading and heading != "--":
        if SECTION.match(heading):
            section = Text(vi=heading.strip("* :"))
        else:
            case = f"case_{len(asked.cases) + 1}"
            asked.cases[case] = heading.strip("* :")
    start = 0
    for count in COUNT.finditer(block):
        if block[count.end() : count.end() + 1].islower():
            continue
        asked.papers.append(paper(asked, block[start : count.start()].strip(), count, case, section))
        start = count.end()
    return block[start:]


def paper(asked: Asked, name: str, count: re.Match[str], case: str, section: Text | None) -> Paper:
    if len(count[1]) > 1:
        # “…mẫu số 1” and “2 bản chính” run together look like 12.
        asked.left_over += count[0]
    originals, copies = counted(count)
    template = TEMPLATE.search(name)
    return Paper(
        id=f"paper_{len(asked.papers) + 1}",
        name=Text(vi=(name[: template.start()] if template else name) or "–"),
        section=section,
        originals=originals,
        copies=copies,
        required=originals != 0 or copies > 0,
        upload=False,
        cases=(case,) if case else (),
        template=template[1] if template else "",
    )


def counted(count: re.Match[str]) -> tuple[int | None, int]:
    number = int(count[1]) if len(count[1]) == 1 else None
    if count[2] == "sao":
        return 0, number or 0
    return number, int(count[3] or 0)


# Legal basis: title and number in turn, e.g. "…Luật Hộ tịch60/2014/QH13Nghị định …123/2015/NĐ-CP".

BASIS_HEAD = "Tên văn bản pháp lýMã văn bản"
MINISTRIES = (
    "BLĐTBXH|BKHĐT|BNNPTNT|BNN&PTNT|BVHTTDL|BTNMT|BNNMT|BGDĐT|BGTVT|BTTTT|BKHCN|BDTTG|BCA|BCT|BGD|BNG|BNV|BQP|BTC|BTP|BXD|BYT"
    "|NHNN|VPCP|TANDTC|VKSNDTC|TTCP|UBDT|BTV"
)
# It may stick to the year that ends a title (“năm 202446/2024/QH15”) or to the same number in it (“Luật 60/2014/QH1360/…”).
NUMBER = re.compile(
    r"(?:(?<![\d/])|(?<= (?:19|20)\d\d)|(?<=QH\d\d))\d{1,4}[a-z]?(?:\.\d+|\.[a-z])?/(?:\d{4}/)?"
    r"(?:QH\d\d|UBTVQH\d\d|PL-UBTVQH\d\d|NQ-UBTVQH\d\d|NQ-QH\d\d|NQ-HĐND|QĐ-UBND|NQ-HĐTP|NQ-CP|NĐ-CP|QĐ-TTg"
    rf"|(?:TTLT|TT|QĐ|VBHN)(?:-(?:{MINISTRIES}))+)"
)
# A title that still holds the beginning of another swallowed a number we do not know.
TWO_TITLES = re.compile(r"[a-zà-ỹ0-9)](?:Thông tư|Nghị định|Quyết định|Nghị quyết|Luật)\b")
KIND = re.compile(r"(Thông tư liên tịch|Thông tư|Nghị định|Quyết định|Nghị quyết|Luật)?( số)? ?$")


def legal_basis(text: str) -> tuple[tuple[LegalBasis, ...], str]:
    """The documents named, and what was left over."""
    body = text.removeprefix(BASIS_HEAD)
    found: list[LegalBasis] = []
    start, left_over = 0, ""
    for number in NUMBER.finditer(body):
        if ends_a_row(body, number):
            row = basis(body[start : number.start()].strip(), number[0])
            start = number.end()
            if TWO_TITLES.search(row.title):
                left_over += row.title
            else:
                found.append(row)
    return tuple(found), left_over + body[start:].strip()


def ends_a_row(body: str, number: re.Match[str]) -> bool:
    """Whether a number is the cell, not a mention in a title: then it sticks to a neighbouring cell."""
    before, after = body[number.start() - 1 : number.start()], body[number.end() :]
    if not after or before.isalnum() or before in {".", ")", "”"}:
        return not after[:1].isdigit()
    return after[0].isalpha() and not after.startswith("ngày")


def basis(title: str, number: str) -> LegalBasis:
    """A title; where the number cell itself began with its kind (“Thông tư số 03/2023/TT-BTP”) without that."""
    kind = KIND.search(title)
    if kind and kind.start() and title[kind.start() - 1].isalnum() and kind[1]:
        title = title[: kind.start()]
    return LegalBasis(number=number, title=title or number)


# Results: name and code in turn, then the rest of the portal's page.

RESULTS_END = "Từ khóa"
RESULT = re.compile(
    r"(?P<name>.*?)Mã: ?(?P<code>KQ[.-][GH]\d{2}\.\d{5,7}|\d{3}\.\d{2}\.\d{2}\.[GH]\d{2}-KQ\d{4,6})(?!\d)",
    re.DOTALL,
)


def results(text: str) -> tuple[tuple[Result, ...], str]:
    """What one receives, and what was left over."""
    body = text.split(RESULTS_END, maxsplit=1)[0].strip()
    found = list(RESULT.finditer(body))
    sure = [match for match in found if "Mã:" not in match["name"]]
    unique = {
        match["code"]: Result(code=match["code"], name=Text(vi=match["name"].strip() or "–"))
        for match in sure
    }
    end = found[-1].end() if found else 0
    left_over = body[end:].strip() + "".join(match[0] for match in found if match not in sure)
    return tuple(unique.values()), left_over
