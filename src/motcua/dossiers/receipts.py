"""What the receipt of a fee says, taken from the dossier and what was paid for it."""

from collections.abc import Sequence

from django.utils import timezone

from motcua.documents.papers import Check, FeeReceipt
from motcua.documents.words import spelled_money
from motcua.dossiers import papers
from motcua.dossiers.models import Dossier
from motcua.payments.models import Charge, Payment


def fee_receipt(
    dossier: Dossier, charge: Charge, payments: Sequence[Payment], *, number: str, check: Check
) -> FeeReceipt:
    """The receipt of a fee; several payments make one receipt, the last one gives way and time."""
    payment, amount = (payments[-1] if payments else None), sum(one.allotted for one in payments)
    ways = {"counter": "Tiền mặt", "vietqr": "Chuyển khoản (VietQR)", "gateway": "Cổng thanh toán trực tuyến"}
    return FeeReceipt(
        office=papers.office(dossier),
        number=number,
        on=timezone.localdate(charge.settled_at),
        dossier=papers.named(dossier),
        applicant=papers.applicant(dossier),
        what=" – ".join(filter(None, (charge.what, charge.note))),
        amount=f"{amount:,} đồng".replace(",", "."),
        in_words=spelled_money(amount),
        way=ways.get(payment.provider, "") if payment else "",
        reference=payment.reference if payment else "",
        paid=papers.local(charge.settled_at),
        officer=payment.by_name if payment else "",
        check=check,
    )
