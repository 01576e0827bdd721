"""Electronic certified copies: scanned by the officer, attested with a number of the book, signed, into the wallet."""

import io

import pytest
from django.utils import timezone
from PIL import Image

from motcua.documents.inquiries import verify_code, weigh
from motcua.documents.models import Document, store
from motcua.dossiers import actions
from motcua.dossiers.actions.counter import Brought
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Channel, State
from motcua.lib.actions import Invalid
from motcua.wallets.models import Holding
from tests import given
from tests.documents import reading, samples
from tests.post import settle

CERTIFY = "2.000815"
ANSWERS = {
    "applicant_name": given.BY_KEY["may"].name,
    "applicant_number": given.BY_KEY["may"].number,
    "applicant_born_on": "1996-04-12",
    "applicant_residence": given.BY_KEY["may"].address,
    "applicant_phone": "0912345678",
    "paper_kind": "degree",
    "paper_name": "Bằng cử nhân luật",
    "paper_issuer": "Trường Đại học Luật",
    "pages": "2",
    "copies": "1",
    "receive_by": "electronic",
}


def scanned(kind="PNG", pages=1):
    sheets = [Image.new("RGB", (210, 297), "white") for _page in range(pages)]
    file = io.BytesIO()
    sheets[0].save(file, kind, **({"save_all": True, "append_images": sheets[1:]} if kind == "PDF" else {}))
    return kept(file.getvalue(), {"PNG": "image/png", "PDF": "application/pdf"}[kind])


def kept(content, media="application/pdf"):
    blob = store().put([content])
    return {
        "paper": "original",
        "name": "quet.png",
        "media": media,
        "size": blob.size,
        "digest": blob.digest,
        "copy": "original",
    }


def brought(*papers):
    """A degree on the counter of Sa Pa, received and paid for."""
    given.country()
    given.keys()
    dossier = Dossier(
        version=given.procedure(CERTIFY),
        case="",
        channel=Channel.DIRECT,
        agency=given.SA_PA,
        applicant_name=given.BY_KEY["may"].name,
        applicant_number=given.BY_KEY["may"].number,
        filing={"way": "self"},
        sent_at=timezone.now(),
    )
    actions.receive(dossier, by=given.officer("receiver"), brought=Brought(ANSWERS, papers))
    given.pay(dossier)
    dossier.refresh_from_db()
    return dossier


def signed(dossier):
    actions.propose(dossier, by=given.officer("registrar"), opinion="Bản quét khớp với bản chính.")
    actions.sign(dossier, by=given.officer("chair"))
    settle()
    return Document.objects.get(about=dossier.urn, kind="certified")


def test_a_degree_is_certified_lands_in_the_wallet_and_stands_on_the_public_page(db):
    copy = signed(brought(scanned(), scanned("PDF", 2)))
    text = reading.text(copy.content())
    assert (copy.pages, "Bằngcửnhânluật" in text, "SCT/BS" in text, "trang3/3" in text) == (
        4,
        True,
        True,
        True,
    )
    assert (copy.title, copy.number) == ("Bản sao chứng thực: Bằng cử nhân luật", "1")
    answer = verify_code(copy.code)
    assert (answer.stands, [one.is_seal for one in answer.signatures]) == (True, [False, True])
    held = Holding.objects.get(source="certified")
    assert (held.owner, held.kind, held.digest, held.valid_until) == (
        given.BY_KEY["may"].number,
        "degree",
        copy.digest,
        None,
    )
    assert weigh(held.digest, held.media)["stands"]


def test_the_book_counts_on_and_pictures_alone_stay_pdf_a(db):
    first, second = signed(brought(scanned())), signed(brought(scanned()))
    assert [first.number, second.number] == ["1", "2"]
    assert 'pdfaid:part="2"' in reading.metadata(first.content()) or "pdfaid:part>2" in reading.metadata(
        first.content()
    )


def test_what_nobody_scanned_from_the_original_is_not_certified(db):
    """A file the applicant sent, or a tick for a paper seen, is no scan by the officer."""
    dossier = brought(scanned() | {"copy": "electronic"}, scanned() | {"digest": "", "media": ""})
    with pytest.raises(Invalid):
        actions.propose(dossier, by=given.officer("registrar"), opinion="Khớp.")
    dossier.refresh_from_db()
    assert dossier.state == State.PROCESSING
    actions.file_paper(dossier, by=given.officer("receiver"), paper=kept(samples.SEALED))  # PDF 2.0
    assert signed(dossier).is_signed
