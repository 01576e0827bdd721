"""Fifty thousand procedures that nobody offers, and what people might type to find them: for measuring the search."""

import random
from collections.abc import Iterator
from itertools import batched, islice, product

from motcua.lib.actors import Actor
from motcua.organisations.models import Agency
from motcua.procedures.actions import take_over
from motcua.procedures.folding import fold
from motcua.procedures.schema import Definition

MEASURER = Actor.system("bench")
BATCH = 1000

DOINGS = (
    "Cấp",
    "Cấp lại",
    "Cấp đổi",
    "Gia hạn",
    "Thu hồi",
    "Đăng ký",
    "Đăng ký thay đổi",
    "Xóa đăng ký",
    "Công nhận",
    "Phê duyệt",
    "Thẩm định",
    "Thông báo",
    "Xác nhận",
    "Chấp thuận",
    "Điều chỉnh",
    "Bổ nhiệm",
    "Miễn nhiệm",
    "Công bố",
    "Kiểm tra",
    "Chuyển đổi",
)
THINGS = (
    ("giấy phép xây dựng nhà ở riêng lẻ", "Hoạt động xây dựng"),
    ("giấy chứng nhận quyền sử dụng đất, quyền sở hữu tài sản gắn liền với đất", "Đất đai"),
    ("giấy phép môi trường", "Môi trường"),
    ("giấy chứng nhận đủ điều kiện an toàn thực phẩm", "An toàn thực phẩm"),
    ("chứng chỉ hành nghề dược", "Dược phẩm"),
    ("giấy phép hoạt động khám bệnh, chữa bệnh", "Khám bệnh, chữa bệnh"),
    ("chứng chỉ hành nghề luật sư", "Luật sư"),
    ("thẻ công chứng viên", "Công chứng"),
    ("giấy phép kinh doanh vận tải bằng xe ô tô", "Đường bộ"),
    ("giấy phép lái xe", "Sát hạch, cấp giấy phép lái xe"),
    ("hộ kinh doanh", "Thành lập và hoạt động của hộ kinh doanh"),
    ("doanh nghiệp tư nhân", "Thành lập và hoạt động của doanh nghiệp"),
    ("công ty trách nhiệm hữu hạn hai thành viên trở lên", "Thành lập và hoạt động của doanh nghiệp"),
    ("hợp tác xã", "Thành lập và hoạt động của hợp tác xã"),
    ("khai sinh có yếu tố nước ngoài", "Hộ tịch"),
    ("kết hôn có yếu tố nước ngoài", "Hộ tịch"),
    ("khai tử", "Hộ tịch"),
    ("giám hộ", "Hộ tịch"),
    ("thường trú", "Đăng ký, quản lý cư trú"),
    ("tạm trú", "Đăng ký, quản lý cư trú"),
    ("hộ chiếu phổ thông", "Quản lý xuất nhập cảnh"),
    ("thẻ căn cước", "Cấp, quản lý căn cước"),
    ("phiếu lý lịch tư pháp", "Lý lịch tư pháp"),
    ("giấy phép lao động cho người lao động nước ngoài", "Việc làm"),
    ("trợ cấp thất nghiệp", "Việc làm"),
    ("chế độ thai sản", "Bảo hiểm xã hội"),
    ("thẻ bảo hiểm y tế", "Bảo hiểm y tế"),
    ("trợ cấp xã hội hằng tháng", "Bảo trợ xã hội"),
    ("giấy xác nhận khuyết tật", "Bảo trợ xã hội"),
    ("hộ nghèo, hộ cận nghèo", "Giảm nghèo"),
    ("trường mẫu giáo, trường mầm non", "Giáo dục mầm non"),
    ("văn bằng do cơ sở giáo dục nước ngoài cấp", "Văn bằng, chứng chỉ"),
    ("giấy phép xuất bản tài liệu không kinh doanh", "Xuất bản"),
    ("giấy phép tổ chức biểu diễn nghệ thuật", "Nghệ thuật biểu diễn"),
    ("giấy phép khai thác nước dưới đất", "Tài nguyên nước"),
    ("giấy phép khai thác khoáng sản", "Khoáng sản"),
    ("tàu cá", "Thủy sản"),
    ("mã số vùng trồng", "Trồng trọt"),
    ("giấy chứng nhận kiểm dịch động vật", "Thú y"),
    ("giấy chứng nhận kiểm định phương tiện phòng cháy", "Phòng cháy, chữa cháy"),
)
CIRCUMSTANCES = (
    "lần đầu",
    "do bị mất",
    "do bị hư hỏng",
    "do hết thời hạn",
    "do thay đổi thông tin",
    "đối với cá nhân",
    "đối với tổ chức",
    "đối với hộ gia đình",
    "theo yêu cầu",
    "qua bưu chính",
    "tại khu công nghiệp",
    "cho người chưa thành niên",
    "cho người cao tuổi",
)
PLACES = (
    "An Khê",
    "Bát Xát",
    "Cầu Giấy",
    "Đồng Xuân",
    "Gò Vấp",
    "Hà Tiên",
    "Kon Tum",
    "Mường Lát",
    "Sa Pa",
    "Thủ Đức",
)


def services(count: int) -> Iterator[Definition]:
    """That many different procedures; the same ones each time."""
    every = product(PLACES, CIRCUMSTANCES, THINGS, DOINGS)
    for number, (place, circumstance, (thing, field), doing) in enumerate(islice(every, count)):
        yield Definition.from_content(
            {
                "code": f"9.{number:06}",
                "version": "2026-01-01",
                "source": "portal",
                "name": {"vi": f"{doing} {thing} {circumstance} tại {place}"},
                "field": {"vi": field},
                "levels": [("commune", "province", "ministry")[number % 3]],
                "online": {"kind": ("full", "none", "unknown")[number % 3]},
                "audience": {"who": [("citizen", "enterprise", "organisation")[number % 3]]},
                "agency": {"vi": f"Ủy ban nhân dân {place}"},
            }
        )


def publish(count: int) -> None:
    """Put them into the catalogue."""
    for batch in batched(services(count), BATCH):
        take_over(batch, by=MEASURER)


def asked(count: int, *, of: int) -> dict[str, list[str]]:
    """What people might type for procedures drawn from the first `of`: as written, without diacritics, with one slip."""
    drawn = random.Random(2026)  # noqa: S311 — the same each time; no secret
    names = [one.name.vi for one in services(of)]
    chosen = [said(drawn.choice(names), drawn) for _ in range(count)]
    return {
        "with diacritics": chosen,
        "without diacritics": [fold(one) for one in chosen],
        "with a slip": [slipped(one, drawn) for one in chosen],
    }


def offices_asked(count: int) -> dict[str, list[str]]:
    """What people might type for communes drawn from the nation's: their whole name without diacritics, and with one slip."""
    drawn = random.Random(2026)  # noqa: S311 — as above
    communes = (
        Agency.objects.in_force()
        .filter(unit_code__regex=r"^[0-9]{5}$")
        .order_by("code")
        .values_list("name_vi", flat=True)
    )
    names = [fold(name) for name in communes]
    chosen = [drawn.choice(names) for _ in range(count)]
    return {
        "naming a commune": chosen,
        "naming a commune with a slip": [slipped(one, drawn) for one in chosen],
    }


def said(name: str, drawn: random.Random) -> str:
    """A few of the words of a name that follow each other, as people type them; now and then the whole name."""
    words = name.split()
    length = drawn.choice((1, 2, 3, 4, 5, len(words)))
    start = drawn.randrange(max(1, len(words) - length))
    return " ".join(words[start : start + length])


def slipped(text: str, drawn: random.Random) -> str:
    """With one letter left out, doubled, other, or two swapped."""
    place = drawn.randrange(len(text))
    before, letter, after = text[:place], text[place], text[place + 1 :]
    return drawn.choice(
        (
            before + after,
            before + letter + letter + after,
            before + "q" + after,
            before + after[:1] + letter + after[1:],
        )
    )
