"""How a dossier was handed in, as its papers say it: from where, with what, by whom, and where the result is to be had."""

from django.conf import settings
from django.urls import reverse

from motcua.documents import papers
from motcua.dossiers.models import Dossier, Paper
from motcua.dossiers.states import Way
from motcua.organisations.models import Agency
from motcua.payments.models import Charge
from motcua.payments.providers import transfer

COPIES = {
    Paper.Copy.ORIGINAL: "bản chính",
    Paper.Copy.CERTIFIED: "bản chứng thực",
    Paper.Copy.COPY: "bản chụp",
    Paper.Copy.ELECTRONIC: "bản điện tử",
    Paper.Copy.REGISTER: "đọc từ cơ sở dữ liệu",
}
AT_THE_DESK = "Trực tiếp, tại Bộ phận Một cửa"


def address(dossier: Dossier) -> str:
    """Where the applicant lives, as far as the form tells."""
    told = (dossier.answers.get(name) for name in ("applicant_residence", "mother_residence"))
    return str(dossier.contact.get("address") or next(filter(None, told), ""))


def handed_in(dossier: Dossier) -> tuple[str, ...]:
    """The papers as the procedure calls them, each once, with the kinds of copy that were handed in."""
    names = {paper.id: paper.name.vi for paper in dossier.definition.papers}
    kinds: dict[str, dict[str, None]] = {}
    for paper in dossier.papers.order_by("id"):
        kinds.setdefault(names.get(paper.paper, paper.name), {})[COPIES[Paper.Copy(paper.copy)]] = None
    return tuple(f"{name} ({', '.join(copies)})" for name, copies in kinds.items())


def collected(dossier: Dossier) -> str:
    """Where the result is to be had."""
    match dossier.answers.get("receive_by"):
        case "post":
            parts = (dossier.answers.get(f"receive_{part}") for part in ("address", "commune", "province"))
            return " ".join(filter(None, ("Qua bưu chính:", ", ".join(str(part) for part in parts if part))))
        case "counter":
            return AT_THE_DESK
    return AT_THE_DESK if dossier.was_filed_here else "Trực tuyến, tại trang Hồ sơ của tôi"


def to_put_right(dossier: Dossier) -> tuple[str, ...]:
    """The pages of the form whose answers are asked for again, in one line."""
    pages = dossier.definition.groups_for(dossier.case, dossier.answers)
    titles = [one.title.vi for one in pages if one.id in dossier.asked_pages]
    return (f"Sửa lại trên tờ khai: {'; '.join(titles)}.",) if titles else ()


def proxy(dossier: Dossier) -> str:
    """Who filed on the applicant's behalf, and by which paper; nothing if the applicant came in person."""
    filing = dossier.filing
    if filing.get("way") != Way.PROXY:
        return ""
    number = f"số định danh {filing['number']}" if filing.get("number") else ""
    told = (filing.get("name"), number, filing.get("phone"), filing.get("authority"))
    return ", ".join(one for one in told if one)


def unpaid(dossier: Dossier) -> dict[str, str]:
    """The fee that waits, with its code, where it is paid, and what a QR code says: the transfer, or that address."""
    charge = Charge.objects.about(dossier).filter(state=Charge.State.DUE).first()
    if charge is None:
        return {}
    amount = f"{charge.open:,}".replace(",", ".")
    address = settings.NODE.web_url + reverse("payments:pay", args=[charge.pk])
    sent = transfer(charge)
    return {
        "fee": f"{amount} đồng, chưa nộp; mã nộp tiền {charge.code}",
        "pay": address,
        "pay_code": sent["payload"] if sent else address,
    }


def office_of(code: str) -> papers.Office:
    """An agency as it stands at the head of a paper."""
    agency = Agency.objects.select_related("parent").get(code=code)
    return papers.Office(
        agency=agency.name_vi,
        above=agency.parent.name_vi if agency.parent else "",
        place=agency.name_vi.removeprefix("Ủy ban nhân dân ").removeprefix("UBND ").split(" ", 1)[-1],
    )
