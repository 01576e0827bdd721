"""The people of the demo country; all invented, and their numbers begin with 000, the code of no province."""

# ruff: noqa: E501 — a table reads best with one row a person

from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from motcua.demo.nodes import BAC_HA, CAM_DUONG, SA_PA, TA_VAN


@dataclass(frozen=True)
class Person:
    """Someone one can be in the demo: at which node they sign in, and what they do there."""

    key: str
    name: str
    number: str
    node: str
    says_vi: str
    says_en: str
    posts: tuple[tuple[str, str, str, str], ...] = ()  # (agency, role, title in Vietnamese, in English)
    born_on: str = ""
    sex: str = ""
    address: str = ""
    unit: str = ""
    is_registered: bool = True
    is_confirmed: bool = True

    @property
    def account(self) -> UUID:
        """The same id in every demo, so that keys can be made before the database is there."""
        return uuid5(NAMESPACE_URL, f"motcua:demo:{self.key}")

    @property
    def email(self) -> str:
        return f"{self.key}@motcua.invalid"

    @property
    def phone(self) -> str:
        """Begins as no telephone number does."""
        return f"000{self.number[-7:]}"


HOME = "Tổ 3, phường Sa Pa, tỉnh Lào Cai"

PEOPLE = (
    Person("may", "Trần Hạ Mây", "000196004821", "vpcp", "Mới sinh con, sẽ đăng ký khai sinh", "Has a newborn and will register the birth", born_on="1996-04-12", sex="female", address=HOME, unit="03006"),
    Person("suoi", "Lý Văn Suối", "000094002177", "vpcp", "Chồng chị Mây, cha của bé", "Mây's husband, the father", born_on="1994-09-03", sex="male", address=HOME, unit="03006"),
    Person("doi", "Ngô Văn Đồi", "000071002654", "vpcp", "Người dân khác, không xem được hồ sơ của chị Mây", "Another citizen; cannot see Mây's dossier", born_on="1971-02-20", sex="male", address="Thôn Ngải Số, xã Bắc Hà, tỉnh Lào Cai", unit="02839"),
    Person("lach", "Cao Thị Lạch", "000198009993", "vpcp", "Số định danh chưa có trong Cơ sở dữ liệu quốc gia về dân cư; định danh mức độ 1", "Her number is not in the population register; identity of level 1", born_on="1998-11-30", sex="female", address="Xã Tả Van, tỉnh Lào Cai", is_registered=False, is_confirmed=False),
    Person("suong", "Phạm Thu Sương", "000188003110", "laocai", "Tiếp nhận tại Bộ phận Một cửa phường Sa Pa", "Receives at the one-stop desk of Sa Pa", ((SA_PA, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"),)),
    Person("lam", "Đỗ Minh Lâm", "000085001207", "laocai", "Công chức tư pháp – hộ tịch phường Sa Pa", "Civil-status officer of Sa Pa", ((SA_PA, "registrar", "Công chức tư pháp - hộ tịch", "Civil-status officer"),)),
    Person("lua", "Vũ Thị Lúa", "000179002345", "laocai", "Chủ tịch phường Sa Pa, ký số", "Chair of Sa Pa, signs", ((SA_PA, "chair", "Chủ tịch", "Chair"),)),
    Person("thac", "Lò Văn Thác", "000177005538", "laocai", "Phó Chủ tịch phường Sa Pa, ký thay khi được giao đứng thay Chủ tịch", "Vice Chair of Sa Pa; signs for the Chair while standing in", ((SA_PA, "deputy", "Phó Chủ tịch", "Vice Chair"),)),
    Person("thong", "Hoàng Đức Thông", "000082006418", "laocai", "Quản trị của phường Sa Pa", "Administrator of Sa Pa", ((SA_PA, "administrator", "Quản trị hệ thống", "Administrator"),)),
    Person("man", "Sùng Thị Mận", "000190007532", "laocai", "Hộ tịch xã Bắc Hà, không thấy việc của Sa Pa", "Civil-status officer of Bắc Hà; cannot see Sa Pa's work", ((BAC_HA, "registrar", "Công chức tư pháp - hộ tịch", "Civil-status officer"), (BAC_HA, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"))),
    Person("che", "Bàn Văn Chè", "000076001984", "laocai", "Chủ tịch xã Bắc Hà", "Chair of Bắc Hà", ((BAC_HA, "chair", "Chủ tịch", "Chair"),)),
    Person("pa", "Giàng A Pả", "000092003318", "laocai", "Hộ tịch xã Tả Van", "Civil-status officer of Tả Van", ((TA_VAN, "registrar", "Công chức tư pháp - hộ tịch", "Civil-status officer"), (TA_VAN, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"))),
    Person("dung", "Vàng Thị Dung", "000177004126", "laocai", "Chủ tịch xã Tả Van", "Chair of Tả Van", ((TA_VAN, "chair", "Chủ tịch", "Chair"),)),
    Person("dua", "Mùa A Dứa", "000088011102", "laocai", "Công chức địa chính - xây dựng phường Sa Pa, thẩm tra", "Land and building officer of Sa Pa, examines", ((SA_PA, "specialist", "Công chức địa chính - xây dựng", "Land and building officer"),)),
    Person("buoi", "Hà Thị Bưởi", "000192011103", "laocai", "Công chức văn hóa - xã hội phường Sa Pa, thẩm tra", "Culture and welfare officer of Sa Pa, examines", ((SA_PA, "specialist", "Công chức văn hóa - xã hội", "Culture and welfare officer"),)),
    Person("vai", "Nông Văn Vải", "000087011104", "laocai", "Công chức địa chính - xây dựng xã Bắc Hà, thẩm tra", "Land and building officer of Bắc Hà, examines", ((BAC_HA, "specialist", "Công chức địa chính - xây dựng", "Land and building officer"),)),
    Person("san", "Vàng Thị Sắn", "000191011107", "laocai", "Công chức văn hóa - xã hội xã Tả Van, thẩm tra", "Culture and welfare officer of Tả Van, examines", ((TA_VAN, "specialist", "Công chức văn hóa - xã hội", "Culture and welfare officer"),)),
    Person("niem", "Lê Thị Niêm", "000193011119", "laocai", "Văn thư phường Sa Pa, vào sổ văn bản đến, phát hành văn bản đi", "Records clerk of Sa Pa: enters what comes in, sends what goes out", ((SA_PA, "clerk", "Văn thư", "Records clerk"),)),
    Person("bi", "Phạm Thị Bí", "000186011109", "laocai", "Tiếp nhận tại Bộ phận Một cửa phường Cam Đường", "Receives at the one-stop desk of Cam Đường", ((CAM_DUONG, "receiver", "Công chức Bộ phận Một cửa", "One-stop officer"),)),
    Person("dau", "Lê Văn Đậu", "000084011110", "laocai", "Công chức tư pháp – hộ tịch phường Cam Đường, thẩm tra", "Civil-status officer of Cam Đường, examines", ((CAM_DUONG, "registrar", "Công chức tư pháp - hộ tịch", "Civil-status officer"), (CAM_DUONG, "specialist", "Công chức tư pháp - hộ tịch", "Civil-status officer"))),
    Person("vung", "Đặng Thị Vừng", "000175011111", "laocai", "Chủ tịch phường Cam Đường, ký số", "Chair of Cam Đường, signs", ((CAM_DUONG, "chair", "Chủ tịch", "Chair"),)),
    Person("hanh", "Trần Thị Hành", "000189011112", "laocai", "Tiếp nhận tại Trung tâm Phục vụ hành chính công của tỉnh", "Receives at the province's public service centre", (("H38", "receiver", "Chuyên viên Trung tâm Phục vụ hành chính công", "Officer of the public service centre"),)),
    Person("toi", "Vũ Văn Tỏi", "000083011113", "laocai", "Chuyên viên Sở Tư pháp, thẩm tra hồ sơ cấp tỉnh", "Specialist of the Department of Justice, examines for the province", (("H38", "specialist", "Chuyên viên Sở Tư pháp", "Specialist, Department of Justice"), ("H38", "registrar", "Chuyên viên Sở Tư pháp", "Specialist, Department of Justice"))),
    Person("trinh", "Lục Văn Trình", "000079011115", "laocai", "Cán bộ Công an tỉnh, thẩm tra hồ sơ phường, xã trình để gửi Bộ Công an", "Provincial police; examines what communes submit and sends it on to the ministry", (("H38", "specialist", "Cán bộ Phòng Tổ chức cán bộ, Công an tỉnh", "Personnel officer of the provincial police"),)),
    Person("que", "Bùi Thị Quế", "000176011114", "laocai", "Phó Chủ tịch tỉnh, ký số kết quả cấp tỉnh", "Vice chair of the province, signs", (("H38", "chair", "Phó Chủ tịch", "Vice chair"),)),
    Person("phong", "Nguyễn Thị Phong", "000191011118", "laocai", "Văn thư tỉnh, vào sổ và chuyển tiếp văn bản", "Records clerk of the province: enters documents and sends them on", (("H38", "clerk", "Văn thư", "Records clerk"),)),
    Person("xep", "Mai Thị Xếp", "000184005271", "laocai", "Quản trị của tỉnh, lập phương án sắp xếp đơn vị", "Administrator of the province; writes plans of reorganisation", (("H38", "administrator", "Chuyên viên Sở Nội vụ", "Officer of Home Affairs"),)),
    Person("chuan", "Lò Văn Chuẩn", "000074001863", "laocai", "Quản trị của tỉnh, phê duyệt phương án sắp xếp", "Administrator of the province; approves plans of reorganisation", (("H38", "administrator", "Phó Giám đốc Sở Nội vụ", "Deputy head of Home Affairs"),)),
    Person("guong", "Lê Thị Gương", "000187005066", "laocai", "Thanh tra, xem nhật ký của tỉnh", "Auditor of the province", (("H38", "auditor", "Thanh tra viên", "Auditor"),)),
    Person("so", "Nguyễn Văn Số", "000083004409", "vpcp", "Chuyên viên Văn phòng Chính phủ, xem số liệu và nhật ký", "Auditor at the Government Office", (("G22", "auditor", "Chuyên viên kiểm soát", "Auditor"),)),
    Person("tem", "Hoàng Thị Tem", "000187004428", "vpcp", "Văn thư Văn phòng Chính phủ, soạn và phát hành văn bản", "Records clerk of the Government Office: writes and sends documents", (("G22", "clerk", "Văn thư", "Records clerk"),)),
    Person("ban", "Phạm Văn Ban", "000070004439", "vpcp", "Lãnh đạo Văn phòng Chính phủ, ký số văn bản", "Head at the Government Office; signs documents", (("G22", "chair", "Phó Chủ nhiệm", "Vice chair"),)),
    Person("soan", "Phan Thị Soạn", "000189004417", "vpcp", "Quản trị thủ tục của cả nước, soạn phiên bản mới", "Writes the next version of procedures", (("G22", "administrator", "Chuyên viên kiểm soát thủ tục hành chính", "Procedure control officer"),)),
    Person("duyet", "Lương Văn Duyệt", "000078002936", "vpcp", "Quản trị thủ tục của cả nước, duyệt phiên bản mới", "Approves the next version of procedures", (("G22", "administrator", "Phó Cục trưởng Cục Kiểm soát thủ tục hành chính", "Deputy head of procedure control"),)),
    Person("sach", "Trịnh Thị Sách", "000186002291", "tuphap", "Văn thư Bộ Tư pháp", "Clerk and auditor at the Ministry of Justice", (("G15", "auditor", "Chuyên viên", "Officer"),)),
    Person("the", "Bùi Văn Thẻ", "000080003327", "congan", "Cán bộ Bộ Công an", "Officer and auditor at Public Security", (("G01", "auditor", "Cán bộ", "Officer"),)),
    Person("lai", "Hồ Văn Lái", "000085007713", "congan", "Tiếp nhận tại Bộ phận Một cửa Bộ Công an", "Receives at the one-stop desk of Public Security", (("G01", "receiver", "Cán bộ tiếp nhận", "One-stop officer"),)),
    Person("xe", "Đoàn Thị Xe", "000190007724", "congan", "Cán bộ Cục Cảnh sát giao thông, thẩm tra", "Officer of the traffic police, examines", (("G01", "specialist", "Cán bộ Cục Cảnh sát giao thông", "Traffic police officer"),)),
    Person("lan", "Kiều Văn Làn", "000073007735", "congan", "Lãnh đạo Cục Cảnh sát giao thông, ký số", "Head of the traffic police, signs", (("G01", "chair", "Phó Cục trưởng Cục Cảnh sát giao thông", "Deputy head of the traffic police"),)),
    Person("huu", "Cao Thị Hưu", "000188007746", "congan", "Cán bộ Bảo hiểm xã hội Công an nhân dân, xét hồ sơ các tỉnh trình", "Social insurance of the police; examines what provinces submit", (("G01", "specialist", "Cán bộ Bảo hiểm xã hội Công an nhân dân", "Officer of the police's social insurance"),)),
    Person("quyet", "Tạ Văn Quyết", "000072007757", "congan", "Lãnh đạo Cục Tổ chức cán bộ, ký số quyết định của Bộ Công an", "Deputy head of personnel at Public Security; signs its decisions", (("G01", "chair", "Phó Cục trưởng Cục Tổ chức cán bộ", "Deputy head of personnel"),)),
    Person("khoe", "Đinh Thị Khỏe", "000191008845", "bhxh", "Chuyên viên Bảo hiểm xã hội Việt Nam", "Officer and auditor at Social Security", (("G24", "auditor", "Chuyên viên", "Officer"),)),
)  # fmt: skip

BY_KEY = {person.key: person for person in PEOPLE}
PASSWORD = "mot-cua-ai-cung-vao"  # noqa: S105 — everyone in the demo has it, and no one outside it


def at(node: str) -> list[Person]:
    """Those who sign in at a node, officers by their agencies, citizens first."""
    return sorted((person for person in PEOPLE if person.node == node), key=lambda person: bool(person.posts))
