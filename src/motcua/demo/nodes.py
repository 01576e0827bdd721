"""The nodes of the demo country: real agencies under their real codes."""

# ruff: noqa: E501 — a table reads best with one row a node

from dataclasses import dataclass

SA_PA, BAC_HA, TA_VAN, CAM_DUONG = "H38.03006", "H38.02839", "H38.03037", "H38.02671"


@dataclass(frozen=True)
class DemoNode:
    """One node: who runs it, which agencies it hosts, what is switched on."""

    name: str
    title_vi: str
    title_en: str
    agency: str
    agencies: tuple[str, ...]
    contexts: tuple[str, ...]
    bank_account: str = ""  # an invented account; 970499 is no bank's number at Napas


NODES = (
    DemoNode("vpcp", "Cổng Dịch vụ công Quốc gia", "National Public Service Portal", "G22", ("G22",), ("portal", "desk", "api", "tracking", "indicators")),
    DemoNode("laocai", "Tỉnh Lào Cai", "Lào Cai province", "H38", ("H38", SA_PA, BAC_HA, TA_VAN, CAM_DUONG), ("portal", "desk", "api"), "970499 0000000000019 KHO BAC THU TINH LAO CAI"),
    DemoNode("tuphap", "Bộ Tư pháp", "Ministry of Justice", "G15", ("G15",), ("civil",)),
    DemoNode("congan", "Bộ Công an", "Ministry of Public Security", "G01", ("G01",), ("desk", "population")),
    DemoNode("bhxh", "Bảo hiểm xã hội Việt Nam", "Vietnam Social Security", "G24", ("G24", "G12"), ("insurance", "business")),
)  # fmt: skip

# Who may send what to whom; everything else is refused (kind and agencies as shell patterns).
RIGHTS = (
    ("G22", "bench.note", "H38"),  # what `motcua bench` sends over HTTP; nobody handles it
    # Documents go between all agencies.
    ("G*", "document.*", "*"),
    ("H38*", "document.*", "*"),
    ("G22", "dossier.*", "H38*"),
    ("H38*", "dossier.*", "G22"),
    ("G22", "dossier.*", "G01"),
    ("G01", "dossier.*", "G22"),
    # What a commune submits to the province and the province to the ministry; the answer comes down the same way.
    ("H38", "dossier.submitted_above", "G01"),
    ("H38", "dossier.supplied_above", "G01"),
    ("H38", "dossier.recalled", "G01"),
    ("G01", "dossier.decided", "H38"),
    ("G22", "petition.filed", "G01"),
    ("G01", "petition.answered", "G22"),
    ("G01", "identity.shown", "G22"),
    ("G*", "identity.officer", "G22"),
    ("G22", "mandate.*", "H38*"),
    ("H38*", "mandate.*", "G22"),
    ("H38*", "identity.shown", "G22"),
    ("H38*", "identity.officer", "G22"),
    ("G22", "petition.filed", "H38*"),
    ("H38*", "petition.answered", "G22"),
    ("G22", "petition.*", "G22"),
    ("G22", "booking.*", "H38*"),
    ("H38*", "booking.news", "G22"),
    ("H38*", "booking.*", "H38*"),
    ("H38*", "procedure.overlay", "G22"),
    ("G22", "procedure.version", "H38*"),
    ("H38", "procedure.version", "G22"),
    ("G22", "calendar.days", "*"),
    ("H38*", "dossier.*", "H38*"),
    ("H38", "agency.reorganised", "G*"),
    ("H38*", "opinion.*", "H38*"),
    ("H38*", "opinion.asked", "G22"),
    ("G22", "opinion.given", "H38*"),
    ("G22", "opinion.opened", "H38*"),
    ("H38*", "sharing.request", "G15"),
    ("H38*", "sharing.request", "G01"),
    ("H38*", "sharing.request", "G24"),
    ("H38*", "sharing.request", "G12"),
    ("G15", "sharing.request", "G01"),
    ("G12", "sharing.request", "G01"),
    ("G15", "sharing.answer", "H38*"),
    ("G01", "sharing.answer", "H38*"),
    ("G24", "sharing.answer", "H38*"),
    ("G12", "sharing.answer", "H38*"),
    ("G01", "sharing.answer", "G15"),
    ("G01", "sharing.answer", "G12"),
    ("G22", "sharing.read", "G01"),
    ("G22", "sharing.read", "G15"),
    ("G22", "sharing.read", "G24"),
    ("G22", "sharing.read", "G12"),
    ("H38*", "sharing.read", "G01"),
    ("H38*", "sharing.read", "G15"),
    ("H38*", "sharing.read", "G12"),
)
