"""Whatever an officer opens of a person is written down: by whom, and which paper."""

from uuid import uuid4

from motcua.journal.models import Entry
from motcua.opinions import actions as opinions
from motcua.opinions.models import Inquiry, Question
from motcua.petitions.models import Kind, Received
from tests import given
from tests.post import carry_messages

PAPER = {"name": "giay.png", "media": "image/png", "size": 1}


def opened(event):
    return [
        (entry.about, entry.actor["name"], entry.facts.get("digest")) for entry in Entry.objects.of(event)
    ]


def test_a_paper_of_a_claim_is_opened_on_record(visitor):
    claim = given.claim()
    assert visitor("suong").get(f"/desk/mandates/{claim.pk}/paper/").status_code == 200
    assert visitor("man").get(f"/desk/mandates/{claim.pk}/paper/").status_code == 404
    assert opened("mandates.ProofOpened") == [(claim.urn, "Phạm Thu Sương", claim.paper["digest"])]


def test_a_petition_is_read_on_record(visitor):
    given.country()
    received = Received.objects.create(
        pk=uuid4(),
        kind=Kind.QUESTION,
        agency=given.SA_PA,
        origin="G22",
        asker_name="Trần Hạ Mây",
        asker_number=given.BY_KEY["may"].number,
        about={"what": "Họ tên", "purpose": "Đăng ký khai sinh", "dossier": "", "who": ""},
        text="Vì sao?",
        due_at="2026-12-01T00:00:00Z",
    )
    assert visitor("lam").get(f"/desk/petitions/{received.pk}/").status_code == 200
    assert visitor("man").get(f"/desk/petitions/{received.pk}/").status_code == 404
    assert opened("petitions.PetitionOpened") == [(received.urn, "Đỗ Minh Lâm", None)]


def test_papers_of_a_question_and_the_letter_that_answers_it_are_opened_on_record(visitor, accepted):
    (dossier,) = accepted(8)
    digest = given.blob_of_picture()
    enclosed = PAPER | {"digest": digest}
    asked = Inquiry(
        subject=dossier.urn,
        asker=given.SA_PA,
        agency=given.BAC_HA,
        agency_name="Bắc Hà",
        name="Khai sinh",
        question="Đúng không?",
        papers=[enclosed],
    )
    opinions.ask_agency(asked, by=given.officer("registrar"), days=3)
    carry_messages()
    question = Question.objects.get()
    man = visitor("man")
    assert man.get(f"/desk/questions/{question.pk}/papers/0/").status_code == 200
    assert opened("opinions.EnclosureOpened") == [(question.urn, "Sùng Thị Mận", digest)]
    opinions.answer_question(question, by=given.actor("man"), verdict="agrees", answer="Đúng.", file=enclosed)
    carry_messages()
    letter = f"/desk/dossiers/{dossier.pk}/opinions/{asked.pk}/"
    assert visitor("lam").get(letter).status_code == 200
    assert opened("dossiers.PaperOpened") == [(dossier.urn, "Đỗ Minh Lâm", digest)]
