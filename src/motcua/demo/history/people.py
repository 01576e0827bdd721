"""Who the past is about: invented applicants and officers, with numbers that begin with 000."""

# ruff: noqa: E501 — a table reads best with one row a person

from dataclasses import dataclass, field
from datetime import date
from random import Random

from motcua.demo.nodes import BAC_HA, CAM_DUONG, SA_PA, TA_VAN
from motcua.demo.people import Person

SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Lý",
    "Giàng",
    "Sùng",
    "Vàng",
    "Lù",
    "Tẩn",
    "Chảo",
    "Má",
    "Nông",
    "Hà",
)
MIDDLE = {
    "male": ("Văn", "Đức", "Minh", "Seo", "A", "Láo"),
    "female": ("Thị", "Thu", "Ngọc", "Seo", "Mai", "Tả"),
}
# Plainly invented: things one sees on a walk, as in the demo's other names.
GIVEN = (
    "Suối",
    "Đá",
    "Nương",
    "Lúa",
    "Sương",
    "Gió",
    "Nắng",
    "Rừng",
    "Ngô",
    "Chàm",
    "Khèn",
    "Đào",
    "Mận",
    "Trúc",
    "Sim",
    "Núi",
    "Mưa",
    "Thông",
    "Cỏ",
    "Sen",
    "Ong",
    "Sóc",
    "Diều",
    "Gùi",
)
HAMLETS = (
    "Tổ 1",
    "Tổ 3",
    "Tổ 5",
    "Thôn Cát Cát",
    "Thôn Ngải Số",
    "Thôn Bản Phố",
    "Thôn Tả Chải",
    "Thôn Hầu Thào",
    "Tổ 8",
)
AGAIN = 0.15  # of all who come have been here before
PLACES = {
    SA_PA: "phường Sa Pa",
    BAC_HA: "xã Bắc Hà",
    TA_VAN: "xã Tả Van",
    CAM_DUONG: "phường Cam Đường",
    "H38": "phường Cam Đường",
}

OFFICERS = (
    Person("gieng", "Lò Thị Giếng", "000190011101", "laocai", "Tiếp nhận tại Bộ phận Một cửa phường Sa Pa", "Receives at the one-stop desk of Sa Pa", ((SA_PA, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"),)),
    Person("chuoi", "Lù Thị Chuối", "000193011105", "laocai", "Tiếp nhận tại Bộ phận Một cửa xã Bắc Hà", "Receives at the one-stop desk of Bắc Hà", ((BAC_HA, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"),)),
    Person("khoai", "Tẩn A Khoai", "000089011106", "laocai", "Tiếp nhận và hộ tịch xã Tả Van", "Receives at Tả Van, civil-status officer", ((TA_VAN, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"), (TA_VAN, "registrar", "Công chức tư pháp - hộ tịch", "Civil-status officer"))),
    Person("muop", "Chảo Văn Mướp", "000077011108", "laocai", "Chủ tịch xã Tả Van, ký số", "Chair of Tả Van, signs", ((TA_VAN, "chair", "Chủ tịch", "Chair"),)),
)  # fmt: skip


@dataclass
class People:
    """Draws applicants; a few of them come again."""

    chance: Random
    met: dict[str, list[Person]] = field(default_factory=dict)

    def applicant(self, agency: str) -> Person:
        """Someone who lives there."""
        known = self.met.setdefault(agency, [])
        if known and self.chance.random() < AGAIN:
            return self.chance.choice(known)
        known.append(self.invented(agency))
        return known[-1]

    def invented(self, agency: str) -> Person:
        """A person nobody is."""
        chance, place = self.chance, sum(map(len, self.met.values()))
        sex = chance.choice(("male", "female"))
        year = chance.randint(1955, 2003)
        century = {("male", 19): 0, ("female", 19): 1, ("male", 20): 2, ("female", 20): 3}[sex, year // 100]
        return Person(
            key=f"past{place}",
            name=f"{chance.choice(SURNAMES)} {chance.choice(MIDDLE[sex])} {chance.choice(GIVEN)}",
            number=f"000{century}{year % 100:02d}{500000 + place:06d}",
            node="laocai",
            says_vi="",
            says_en="",
            born_on=date(year, chance.randint(1, 12), chance.randint(1, 28)).isoformat(),
            sex=sex,
            address=f"{chance.choice(HAMLETS)}, {PLACES[agency]}, tỉnh Lào Cai",
        )
