"""A state secret leaves by no way out, says what to do instead, and comes in by none unremarked."""

import inspect
import re
from pathlib import Path

import pytest
from django.urls import reverse

from motcua import dispatches
from motcua.api.views import axis
from motcua.demo.carrying import message_of
from motcua.dispatches import actions
from motcua.dispatches.actions.relaying import relayed
from motcua.dispatches.models import Delivery, Incoming, Outgoing
from motcua.documents.edxml.message import Document, Purpose
from motcua.documents.edxml.reading import read
from motcua.documents.edxml.signatures import sign
from motcua.documents.models import keyring, store
from motcua.documents.secrecy import Degree, degree_said, degree_stamped
from motcua.exchange import actions as exchange
from motcua.exchange.models import Outbox
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.notices.models import Notice
from tests import given
from tests.dispatches.conftest import CLERK, HEAD, clerk_there, head_there, issued, signed, there, written
from tests.dispatches.test_attached import paper
from tests.dispatches.test_sent_on import unsign
from tests.post import settle

DEGREES = [Degree.CONFIDENTIAL, Degree.SECRET, Degree.TOP_SECRET]


def classified(document, degree, by=None):
    actions.classify(document, by=by or given.officer("clerk"), degree=degree)
    document.refresh_from_db()
    return document


def came_in(degree) -> Incoming:
    """A document that came, was entered, and turned out to be secret."""
    issued()
    actions.register(there(), by=clerk_there())
    return classified(there(), degree, by=clerk_there())


def submitting(degree):
    actions.submit(classified(written(), degree), by=given.officer("specialist"))


def issuing(degree):
    actions.issue(classified(signed(), degree), by=given.officer("clerk"))


def enclosing(degree):
    actions.enclose(
        classified(written(), degree), by=given.officer("specialist"), name="a.pdf", content=paper()
    )


def forwarding(degree):
    actions.forward(came_in(degree), by=clerk_there(), receivers=["H38"])


def fetching(degree):
    """By the agency's own system, over the adapter of the axis."""
    document = came_in(degree)
    asked = axis.Asked.__new__(axis.Asked)
    asked.kind, asked.document, asked.agency = "edoc", str(document.pk), given.BAC_HA
    axis.fetch(asked)


def relaying(degree):
    message = read(store().read(there_after_one().message)).message
    assert isinstance(message, Document)
    relayed(message, b"<x/>", agency=given.SA_PA, degree=degree)


def relaying_past_the_reader(degree):
    document = Outgoing(
        agency=given.SA_PA, kind="letter", subject="x", receivers=[given.BAC_HA], secrecy=degree
    )
    actions.relay(document, by=given.officer("clerk"), raw=b"<x/>")


def attaching_a_file_of_it(degree):
    """To any message of whatever kind: a dossier sent on, an opinion asked for."""
    document = came_in(degree)
    exchange.send(
        "dossier.forwarded",
        b"{}",
        sender=given.BAC_HA,
        recipient="H38",
        attachments=[document.files[0]["digest"]],
    )


def attaching_the_message_itself(degree):
    document = came_in(degree)
    exchange.send("x.y", b"{}", sender=given.BAC_HA, recipient="H38", attachments=[document.message])


def copying(degree):
    actions.copy(came_in(degree), by=clerk_there(), manner="true")


def sending_a_copy(degree):
    """Made when nobody knew yet."""
    issued()
    made = actions.copy(actions.register(there(), by=clerk_there()), by=clerk_there(), manner="true")
    classified(there(), degree, by=clerk_there())
    assert store().is_withheld(made.file["digest"])
    actions.send_copy(made, by=clerk_there(), receivers=["H38"])


def there_after_one():
    issued()
    return there()


WAYS = [
    submitting, issuing, enclosing, forwarding, fetching, relaying, relaying_past_the_reader, attaching_a_file_of_it,
    attaching_the_message_itself, copying, sending_a_copy,
]  # fmt: skip


@pytest.mark.parametrize("degree", DEGREES)
@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_is_open_and_each_says_what_to_do_instead(way, degree):
    with pytest.raises(NotNow, match="bản giấy"):
        way(degree)
    sent = Outbox.objects.exclude(kind="document.status")
    assert not sent.exists()


def test_every_place_that_leaves_a_document_asks_first():
    """What calls `leave(DOCUMENT, …)` is one of these, and whatever reaches it asks `may_leave` or sends no content."""
    code = Path(inspect.getfile(dispatches)).parent
    found = {
        (file.name, name)
        for file in code.rglob("*.py")
        for name, body in re.findall(
            r"\ndef (\w+)\((.*?)(?=\n(?:@|def |class )|\Z)", file.read_text(), re.DOTALL
        )
        if re.search(r"leave\(\s*DOCUMENT", body)
    }
    assert found == {("forwarding.py", "send_on"), ("relaying.py", "passed_on"), ("sending.py", "send")}


def test_a_file_of_a_secret_is_not_slipped_into_another_draft():
    secret = classified(there_after_one(), Degree.SECRET, by=clerk_there())
    content = store().read(secret.files[0]["digest"])
    with pytest.raises(Invalid, match="mật"):
        actions.enclose(written(), by=given.officer("specialist"), name="b.pdf", content=content)


def test_a_recall_of_what_turned_out_secret_goes_and_says_nothing_of_it():
    letter = classified(issued(), Degree.SECRET)
    actions.recall(letter, by=given.officer("clerk"), reason="Gửi nhầm.")
    raw = message_of(Outbox.objects.get(kind="document.edoc")).body
    assert letter.subject not in raw.decode()
    settle()
    assert there().recall_reason == "Gửi nhầm."


def test_what_is_secret_is_not_written_here_and_gets_its_number_for_paper():
    with pytest.raises(Invalid, match="để trống"):
        written(secrecy=Degree.SECRET)
    letter = written(secrecy=Degree.SECRET, text="")
    with pytest.raises(NotNow, match="Chỉ văn bản mật"):
        actions.issue_on_paper(written(), by=given.officer("clerk"), signer="Lê Lụa", position="Chủ tịch")
    with pytest.raises(Invalid):
        actions.issue_on_paper(letter, by=given.officer("clerk"), signer=" ", position="Chủ tịch")
    signed()
    actions.issue_on_paper(letter, by=given.officer("clerk"), signer="Lê Lụa", position="Chủ tịch")
    assert (letter.number, letter.series, letter.state) == (
        f"01/{given.agency().abbreviation}",
        "secret",
        "on_paper",
    )
    settle()
    assert not Incoming.objects.exists()


def test_only_the_head_lowers_a_degree_and_then_it_may_go():
    document = came_in(Degree.SECRET)
    with pytest.raises(Refused):
        actions.classify(document, by=clerk_there(), degree=Degree.NONE)
    classified(document, Degree.NONE, by=head_there())
    actions.forward(document, by=clerk_there(), receivers=["H38"])
    assert Entry.objects.filter(event="dispatches.DispatchClassified").count() == 2


def test_a_file_stays_here_as_long_as_one_secret_has_it():
    letter = classified(issued(), Degree.SECRET)
    document = classified(there(), Degree.SECRET, by=clerk_there())
    digest = letter.files[0]["digest"]
    assert digest == document.files[0]["digest"]
    classified(document, Degree.NONE, by=head_there())
    assert store().is_withheld(digest)
    classified(letter, Degree.NONE, by=given.officer("chair"))
    assert not store().is_withheld(digest)


def test_what_a_secret_is_about_goes_by_no_notice():
    letter = issued()
    actions.register(there(), by=clerk_there())
    actions.assign(there(), by=head_there(), to=given.account("man"), instruction="Xử lý.")
    classified(there(), Degree.SECRET, by=clerk_there())
    issued(earlier=letter, purpose=Purpose.UPDATE)
    told = Notice.objects.get(code="dispatches.changed")
    assert told.parameters["subject"] == "Tối mật"


def test_what_is_secret_cannot_be_changed_from_here_and_says_so_on_its_page():
    letter = classified(issued(), Degree.SECRET)
    visitor = given.signed_in(given.CLERK)
    page = visitor.get(reverse("desk:outgoing_one", args=[letter.pk])).content.decode()
    assert ("Tối mật" in page, "Soạn văn bản thay thế" in page) == (True, False)
    assert visitor.get(reverse("desk:write_document") + f"?updates={letter.pk}").status_code == 404
    draft = classified(written(), Degree.SECRET)
    offered = visitor.get(reverse("desk:outgoing_one", args=[draft.pk])).context["offered"]
    assert {"classify", "issue_on_paper"} <= set(offered)
    assert not {"enclose", "submit", "issue"} & set(offered)


def test_who_drafts_a_secret_does_not_lower_its_degree():
    draft = written(secrecy=Degree.SECRET, text="")
    with pytest.raises(Refused):
        actions.redraft(draft, by=given.officer("specialist"), secrecy=Degree.NONE)
    page = given.signed_in("dua").get(reverse("desk:redraft", args=[draft.pk]))
    assert "secrecy" not in page.context["form"].fields


@pytest.mark.parametrize(
    "marks",
    [
        "<edXML:SecurityLevel>Tối mật</edXML:SecurityLevel>",
        "<edXML:DoMat>2</edXML:DoMat>",
        "<edXML:Secrecy>A3</edXML:Secrecy>",
    ],
)
def test_one_that_says_so_is_refused_with_the_reason_and_an_alarm(marks):
    clerk_there(), head_there()
    letter = actions.issue(signed(), by=given.officer("clerk"))
    row = Outbox.objects.get(kind="document.edoc")
    said = unsign(message_of(row).body).replace(b"<edXML:Subject>", marks.encode() + b"<edXML:Subject>", 1)
    raw = sign(said, keyring().seal(given.SA_PA))
    assert marks.encode() in raw
    Outbox.objects.filter(pk=row.pk).update(body=raw)
    settle()
    assert not Incoming.objects.exists()
    delivery = Delivery.objects.get(outgoing=letter)
    assert (delivery.state, "mạng riêng" in delivery.last_words) == ("02", True)
    facts = Entry.objects.get(event="dispatches.SecretCame").facts
    assert (facts["sender"], facts["document"]) == (given.SA_PA, letter.document_id)
    told = Notice.objects.filter(code="dispatches.secret_came")
    assert {one.recipient.name for one in told} == {CLERK.name, HEAD.name}


@pytest.mark.parametrize(
    ("words", "degree"),
    [
        ("", 0), ("0", 0), ("Thường", 0), ("Mật", 1), ("mat", 1), (" TỐI  MẬT ", 2), ("2", 2), ("tuyệt mật", 3), ("?", 1),
    ],
)  # fmt: skip
def test_what_a_value_says(words, degree):
    assert degree_said(words) == degree


@pytest.mark.parametrize(
    ("subject", "degree"),
    [
        ("(Mật) Về phương án", 1),
        ("[TỐI MẬT] Về phương án", 2),
        ("TUYỆT MẬT: Về phương án", 3),
        ("Mật ong: hướng dẫn nuôi", 0),
        ("Bảo vệ bí mật nhà nước", 0),
        ("Tăng cường bảo mật", 0),
    ],
)
def test_what_stands_before_a_subject(subject, degree):
    assert degree_stamped(subject) == degree
