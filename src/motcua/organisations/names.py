"""How agencies and posts are called, as on their signboards."""

from django.utils.text import capfirst

from motcua.organisations.models import Agency, Post, Unit

KINDS_EN = {"Xã": "Commune", "Phường": "Ward", "Đặc khu": "Special Zone", "Thị trấn": "Township"}

TITLES: dict[str, tuple[str, str]] = {
    Post.Role.RECEIVER: ("Công chức Bộ phận Một cửa", "One-Stop Officer"),
    Post.Role.REGISTRAR: ("Công chức tư pháp - hộ tịch", "Civil Status Officer"),
    Post.Role.SPECIALIST: ("Công chức chuyên môn", "Specialist"),
    Post.Role.CHAIR: ("Chủ tịch Ủy ban nhân dân", "Chair of the People's Committee"),
    Post.Role.DEPUTY: ("Phó Chủ tịch Ủy ban nhân dân", "Vice Chair of the People's Committee"),
    Post.Role.CLERK: ("Văn thư", "Records Clerk"),
    Post.Role.ADMINISTRATOR: ("Quản trị hệ thống", "System Administrator"),
    Post.Role.AUDITOR: ("Kiểm soát viên", "Auditor"),
}


def role_name(role: str) -> str:
    """What who holds a role is called where a line begins with it: “Công chức hộ tịch”."""
    return capfirst(str(Post.Role(role).label) if role in Post.Role else role)


def commune_agency(province: Agency, place: Unit, commune: Unit) -> Agency:
    """Return the People's Committee of a commune, not saved yet.

    Its code is the province's followed by the commune's code in the General Statistics Office's list
    (`H38.02683`). This is a numbering for demonstration: provinces give these codes by their own decisions, and no
    common list is published.
    """
    english = f"{commune.name} {KINDS_EN.get(commune.kind, commune.kind)}"
    return Agency(
        code=f"{province.code}.{commune.code}",
        name_vi=f"Ủy ban nhân dân {commune.inline}",
        name_en=f"People's Committee of {english}",
        short_name=f"UBND {commune.inline}",
        abbreviation="UBND",
        level=province.level + 1,
        parent=province,
        unit_code=commune.code,
        valid_from=commune.valid_from,
        address=f"{commune}, {place.inline}",
    )
