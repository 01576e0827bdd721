"""A document as any word processor would save it: nothing of our own templates, room left for number, day and signatures."""

import typst

SOURCE = """
#set page(paper: "a4", margin: 25mm)
#set text(font: "Liberation Serif", size: 13pt)
#grid(columns: (1fr, 1fr), align: center,
  [UBND PHƯỜNG SA PA \\ SỐNUMBER], [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ _Sa Pa, DAY_])
#v(1cm)
Kính gửi: Ủy ban nhân dân xã Bắc Hà.

Đề nghị quý cơ quan cử một cán bộ dự họp.
#v(1cm)
#grid(columns: (1fr, 1fr), [_Nơi nhận:_ \\ - Như trên; \\ - Lưu: VT.], align(center)[*CHỦ TỊCH* #v(ROOM) *SIGNER*])
"""
NUMBER = "Số: #h(14mm)/UBND"
DAY = "ngày #h(9mm) tháng #h(9mm) năm 2026"


def saved(*, number=NUMBER, day=DAY, room="30mm", signer="Phạm Quốc Khánh", source=SOURCE):
    words = {"SỐNUMBER": number, "DAY": day, "ROOM": room, "SIGNER": signer}
    for name, said in words.items():
        source = source.replace(name, said)
    return typst.compile(source.encode(), format="pdf")
