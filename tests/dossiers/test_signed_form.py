"""The applicant signs the form: remotely or with a token; what is changed is void; the agency checks it again."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.demo import signer
from motcua.demo.signer import Manner
from motcua.documents import press, signing
from motcua.documents.authority import Validity
from motcua.documents.models import store
from motcua.documents.remote import NoCertificate, Service, Unanswered, the_remote
from motcua.dossiers import actions
from motcua.dossiers.actions.signing import prepared_for
from motcua.dossiers.models import Dossier, FormSignature
from motcua.dossiers.signed_form import SIGNED_FORM, judged, standing
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from tests import given, post, signing_service

pytestmark = pytest.mark.django_db

HOUSEHOLD = "1.001612"
MAY = given.BY_KEY["may"]


@pytest.fixture
def authority(settings, db):
    with signing_service.answering(settings, "may", "suoi") as founded:
        yield founded


def form(code=HOUSEHOLD, key="may", **changes):
    """An application whose form is whole."""
    given.country()
    by = given.citizen(key)
    begun = actions.begin(
        given.procedure(code),
        by=by,
        case="person" if code == HOUSEHOLD else "",
        agency=given.SA_PA,
        agency_name=given.AGENCIES[given.SA_PA],
    )
    answers = {
        "applicant_name": MAY.name,
        "applicant_number": MAY.number,
        "applicant_born_on": MAY.born_on,
        "applicant_residence": MAY.address,
        "applicant_phone": "0912345678",
        "business_name": "Quán Mây",
        "business_address": MAY.address,
        "trade": "Bán phở",
        "capital": "50000000",
        "workers": "2",
        "begins_on": timezone.localdate().isoformat(),
        **changes,
    }
    for group in begun.version.definition.groups_for(begun.case, begun.answers):
        typed = {one.id: answers.get(one.id, given.default(one)) for one in group.fields}
        actions.fill(begun, by=by, group=group.id, answers=typed)
    return begun


def ask(application, key="may"):
    """The remote service is asked for a signature."""
    by, remote = given.actor(key), the_remote()
    printed = actions.print_form(application, by=by)
    certificate = remote.certificate(given.BY_KEY[key].number)
    prepared = prepared_for(printed, certificate, name=given.BY_KEY[key].name, at=timezone.now())
    transaction = remote.start(
        prepared.digest, given.BY_KEY[key].number, words="Tờ khai", back="https://x.invalid/"
    )
    actions.begin_signing(
        application, by=by, prepared=prepared, certificate=certificate, transaction=transaction
    )
    return transaction.id


def sign(application, manner=Manner.GOOD, key="may"):
    """Asked for, confirmed in this manner, fetched; why there is no signature."""
    transaction = ask(application, key)
    signer.confirm(transaction, manner)
    return actions.take_signature(application, by=given.actor(key), found=the_remote().fetch(transaction))


def by_token(application, credential, *, at=None):
    """The signed file as the program of a token makes it."""
    base = store().read(actions.print_form(application, by=given.actor("may")).base)
    drawing = press.picture("stamp", {"lines": [credential.name]})
    return io.BytesIO(signing.sign_in(base, credential, signing.PERSON, drawing, at=at or timezone.now()))


def test_what_must_be_signed_is_not_sent_without_and_goes_with_its_signature(authority):
    application, by = form(), given.actor("may")
    with pytest.raises(Invalid, match="chưa được ký"):
        actions.send(application, by=by)
    assert (sign(application), standing(application).signer) == ("", MAY.name)
    application.refresh_from_db()
    actions.send(application, by=by)
    post.settle()
    dossier = Dossier.objects.get(pk=application.pk)
    verdict = dossier.papers.get(paper=SIGNED_FORM).verdict
    assert [verdict[name] for name in ("stands", "is_theirs", "is_same")] == [True, True, True]
    assert [one["name"] for one in verdict["signers"]] == [MAY.name]
    told = [entry.event.rpartition(".")[2] for entry in Entry.objects.about(application).order_by("pk")]
    assert [name for name in told if "Form" in name] == ["FormPrinted", "FormSigningBegun", "FormSigned"]
    assert MAY.number not in str([entry.facts for entry in Entry.objects.about(application)])


@pytest.mark.parametrize("manner", [Manner.REFUSED, Manner.WRONG, Manner.OTHER])
def test_a_service_that_misbehaves_signs_nothing_and_can_be_asked_again(authority, manner):
    application = form()
    assert sign(application, manner)
    assert (standing(application), Entry.objects.of("dossiers.FormNotSigned").count()) == (None, 1)
    assert (sign(application), standing(application) is None) == ("", False)


def test_what_is_never_confirmed_waits_and_then_is_over(authority):
    application = form()
    assert sign(application, Manner.NEVER) == ""
    waiting = FormSignature.objects.get()
    assert waiting.is_waiting(timezone.now())
    FormSignature.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.take_signature(
        application, by=given.actor("may"), found=the_remote().fetch(waiting.transaction)
    )
    assert FormSignature.objects.get().state == FormSignature.State.MADE


def test_a_changed_answer_makes_the_signature_void_and_the_same_answer_does_not(authority):
    application, by = form(), given.actor("may")
    sign(application)
    answers = {
        name: application.answers[name]
        for name in ("business_name", "business_address", "trade", "begins_on")
    }
    numbers = {name: str(application.answers[name]) for name in ("capital", "workers")}
    actions.fill(application, by=by, group="business", answers=answers | numbers)
    assert standing(application)
    actions.fill(application, by=by, group="business", answers=answers | numbers | {"trade": "Bán bún"})
    assert standing(application) is None
    assert Entry.objects.of("dossiers.FormSignatureVoided").count() == 1
    with pytest.raises(Invalid):
        actions.send(application, by=by)
    actions.fill(application, by=by, group="business", answers=answers | numbers)
    assert standing(application) is None
    assert FormSignature.objects.live().count() == 0


def test_a_token_of_ones_own_signs_the_very_file(authority):
    application, by = form(), given.actor("may")
    own = authority.subscriber(MAY.name.upper(), f"CCCD:{MAY.number}")
    file = by_token(application, own)
    for bad in (
        by_token(application, authority.subscriber("Ngô Văn Đồi", "CCCD:000071002654")),
        by_token(application, authority.subscriber("Ngô Văn Đồi", f"CCCD:{MAY.number}")),
        by_token(application, type(authority).founded("Lạ").subscriber(MAY.name, f"CCCD:{MAY.number}")),
        by_token(application, own, at=timezone.now() - timedelta(days=2)),
        by_token(
            application,
            authority.subscriber(
                MAY.name,
                f"CCCD:{MAY.number}",
                validity=Validity.lasting(timedelta(days=1), start=timezone.now() - timedelta(days=9)),
            ),
        ),
        io.BytesIO(store().read(FormSignature.objects.get().base)),
        io.BytesIO(file.getvalue()[:-20]),
        io.BytesIO(given.picture()),
    ):
        with pytest.raises(Invalid) as refusal:
            actions.take_signed(application, by=by, file=bad)
        assert str(refusal.value)
    assert standing(application) is None
    actions.take_signed(application, by=by, file=file)
    assert standing(application).road == "upload"
    with pytest.raises(Invalid):
        actions.take_signed(application, by=by, file=file)


def test_only_the_applicant_signs_and_only_a_draft(authority):
    application = form()
    for key in ("suoi", "suong", "lua", "thong", "guong"):
        with pytest.raises(Refused):
            actions.print_form(application, by=given.actor(key))
    sign(application)
    actions.send(application, by=given.actor("may"))
    with pytest.raises(NotNow):
        actions.print_form(application, by=given.actor("may"))


def test_a_form_that_lacks_something_or_is_never_signed_is_not_laid_out(authority):
    application, by = form(), given.actor("may")
    application.answers["trade"] = None
    application.save()
    with pytest.raises(Invalid):
        actions.print_form(application, by=by)
    with pytest.raises(Invalid):
        actions.print_form(given.application(at="filled"), by=by)


def test_an_agency_sees_when_what_was_declared_is_not_what_was_signed(authority):
    application = form()
    sign(application)
    actions.send(application, by=given.actor("may"))
    sent = application.attachments.get(paper=SIGNED_FORM)
    type(application).objects.filter(pk=application.pk).update(
        answers=application.answers | {"trade": "Bán xe"}
    )
    post.settle()
    dossier = Dossier.objects.get(pk=application.pk)
    paper = dossier.papers.get(paper=SIGNED_FORM)
    assert (paper.digest, judged(dossier, paper)["is_same"]) == (sent.digest, True)
    dossier.answers = dossier.answers | {"trade": "Bán xe"}
    other = judged(dossier, paper)
    assert (other["is_same"], other["stands"], other["is_theirs"]) == (False, False, True)
    dossier.refresh_from_db()
    dossier.applicant_number, dossier.filing = "000071002654", {}
    assert judged(dossier, paper)["is_theirs"] is False


def test_what_came_back_is_sent_again_with_the_form_of_today(authority):
    application, by = form(), given.actor("may")
    sign(application)
    actions.send(application, by=by)
    for _time in range(2):
        actions.reopen(application, by=given.SYSTEM, reason="Không tới nơi.")
        actions.send(application, by=by)
    actions.reopen(application, by=given.SYSTEM, reason="Không tới nơi.")
    group = next(one for one in application.definition.form if one.id == "business")
    answers = {one.id: str(application.answers[one.id]) for one in group.fields}
    actions.fill(application, by=by, group="business", answers=answers | {"trade": "Bán xe"})
    sign(application)
    actions.send(application, by=by)
    assert application.attachments.get(paper=SIGNED_FORM).digest == standing(application).file


def test_the_service_is_asked_with_the_nodes_secret_only(authority, settings):
    remote = the_remote()
    with pytest.raises(NoCertificate):
        remote.certificate("000071002654")
    for stranger in (
        Service(remote.address, remote.client, "x"),
        Service("http://127.0.0.1:1/", "thu", "x"),
        Service(remote.address.replace("/api/", "/other/"), remote.client, remote.secret),
    ):
        with pytest.raises(Unanswered):
            stranger.certificate(MAY.number)
    with pytest.raises(Unanswered):
        remote.fetch("0" * 32)
    settings.NODE = settings.NODE.model_copy(update={"signing_url": ""})
    assert the_remote() is None
