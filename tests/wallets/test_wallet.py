"""The wallet: results come by themselves, papers are uploaded once, and both are handed in again."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from django.utils import timezone

from motcua.documents.models import keyring, store
from motcua.dossiers import actions as dossiers
from motcua.dossiers.models import Dossier
from motcua.dossiers.states import Reuse
from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor
from motcua.procedures.kinds import kind_of_result, kinds
from motcua.wallets import actions
from motcua.wallets.actions import Said
from motcua.wallets.models import Holding
from tests import given
from tests.documents import samples
from tests.post import settle

MAY = given.BY_KEY["may"].number
TODAY = date(2026, 11, 20)


def held(**changes):
    """A paper on its way into Mây's wallet."""
    content = changes.pop("content", given.picture())
    blob = store().put([content])
    facts = {
        "owner": MAY,
        "kind": "birth_notice",
        "name": "Giấy chứng sinh",
        "media": "image/png",
        "size": blob.size,
        "digest": blob.digest,
    }
    return Holding(**(facts | changes))


def told(holding):
    return list(Entry.objects.filter(about=holding.urn).order_by("id").values_list("event", flat=True))


def test_every_kind_can_be_asked_for_or_comes_as_a_result():
    results = [code for kind in kinds().values() for code in kind.results]
    assert (len(results), kind_of_result("KQ.G15.000031"), kind_of_result("KQ.X")) == (
        len(set(results)),
        "birth_certificate",
        "other",
    )


def test_a_certificate_of_marital_status_holds_six_months_and_a_birth_certificate_for_ever():
    assert [
        kinds()[kind].valid_until(date(2026, 8, 31)) for kind in ("marital_status", "birth_certificate")
    ] == [
        date(2027, 2, 28),
        None,
    ]


@pytest.mark.parametrize(("days", "standing"), [(31, "ok"), (30, "soon"), (0, "soon"), (-1, "late")])
def test_a_paper_is_about_to_end_thirty_days_before_it_does(days, standing):
    assert Holding(valid_until=TODAY + timedelta(days=days)).standing(TODAY) == standing


def test_the_owner_puts_a_paper_in_once_says_what_it_is_and_takes_it_out(db):
    may = given.actor("may")
    kept = actions.add(held(), by=may)
    assert actions.add(held(), by=may) == kept
    actions.describe(
        kept,
        by=may,
        said=Said("Giấy xác nhận độc thân", "marital_status", "12", "UBND phường Sa Pa", date(2026, 5, 1)),
    )
    kept.refresh_from_db()
    assert (kept.name, kept.kind, kept.valid_until) == (
        "Giấy xác nhận độc thân",
        "marital_status",
        date(2026, 11, 1),
    )
    was = Holding(pk=kept.pk)
    actions.remove(kept, by=may)
    assert told(was) == ["wallets.HoldingAdded", "wallets.HoldingDescribed", "wallets.HoldingRemoved"]
    assert not Holding.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(" ", "degree"), "name"),
        (Said("Bằng", "no_such_kind"), "kind"),
        (Said("Bằng", "degree", "", "", date(2026, 5, 2), date(2026, 5, 1)), "valid_until"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(db, said, field):
    may = given.actor("may")
    kept = actions.add(held(), by=may)
    with pytest.raises(Invalid) as refusal:
        actions.describe(kept, by=may, said=said)
    kept.refresh_from_db()
    assert (refusal.value.field, kept.name) == (field, "Giấy chứng sinh")


def test_nobody_else_puts_in_corrects_or_takes_out(db):
    may, others = given.actor("may"), [given.actor("suoi"), given.officer("registrar"), Actor("anonymous")]
    kept = actions.add(held(), by=may)
    for other in others:
        with pytest.raises(Refused):
            actions.add(held(), by=other)
        with pytest.raises(Refused):
            actions.describe(kept, by=other, said=Said("Của tôi"))
        with pytest.raises(Refused):
            actions.remove(kept, by=other)
        assert not Holding.objects.visible_to(other).exists()
    with pytest.raises(Refused):
        actions.receive(held(), by=may)
    assert list(Holding.objects.visible_to(may)) == [kept]


def test_a_result_comes_by_itself_and_what_it_says_is_its_issuers(db):
    given.dossier(at="signed")
    kept = Holding.objects.get()
    assert (kept.owner, kept.kind, kept.source, kept.name) == (
        MAY,
        "birth_certificate",
        "result",
        "Giấy khai sinh",
    )
    assert (bool(kept.public_code), kept.issued_on, kept.issuer) == (
        True,
        timezone.localdate(),
        "Ủy ban nhân dân phường Sa Pa",
    )
    actions.describe(kept, by=given.actor("may"), said=Said("Khai sinh bé An", "degree"))
    kept.refresh_from_db()
    assert (kept.name, kept.kind) == ("Khai sinh bé An", "birth_certificate")


def test_a_paper_of_the_wallet_is_handed_in_again_and_says_where_it_is_from(db):
    given.country()
    draft, may = given.application("may"), given.actor("may")
    given.fill_in(draft, by=may)
    kept = actions.add(held(), by=may)
    first = dossiers.reuse(draft, by=may, paper="birth_notice", holding=kept)
    assert dossiers.reuse(draft, by=may, paper="birth_notice", holding=kept) == first
    dossiers.send(draft, by=may)
    actions.remove(kept, by=may)
    settle()
    paper = Dossier.objects.get(pk=draft.pk).papers.get()
    assert (paper.paper, paper.reuse, paper.digest, paper.verdict) == (
        "birth_notice",
        Reuse.WALLET,
        kept.digest,
        None,
    )


@pytest.mark.parametrize(
    ("changes", "whose"),
    [
        ({"kind": "degree"}, "may"),
        ({"valid_until": timezone.localdate() - timedelta(days=1)}, "may"),
        ({"owner": given.BY_KEY["suoi"].number}, "suoi"),
    ],
)
def test_what_does_not_serve_or_has_ended_or_is_anothers_is_not_taken(db, changes, whose):
    given.country()
    draft, may = given.application("may"), given.actor("may")
    kept = actions.add(held(**changes), by=given.actor(whose))
    with pytest.raises(Invalid):
        dossiers.reuse(draft, by=may, paper="birth_notice", holding=kept)
    assert not draft.attachments.exists()


def test_signatures_are_checked_when_a_paper_comes_and_a_changed_file_is_found_out(db):
    """What an agency signed is proof wherever it is handed in; what was changed since is told to the officer."""
    given.country()
    keyring().trust("samples", samples.ROOTS[0])
    signed, altered = samples.SEALED, samples.SEALED.replace(b"/Producer", b"/producer", 1)
    draft, may = given.application("may"), given.actor("may")
    given.fill_in(draft, by=may)
    for content in (signed, altered):
        kept = actions.add(
            held(content=content, media="application/pdf", name=sha256(content).hexdigest()), by=may
        )
        dossiers.reuse(draft, by=may, paper="birth_notice", holding=kept)
    dossiers.send(draft, by=may)
    settle()
    papers = Dossier.objects.get(pk=draft.pk).papers.order_by("id")
    assert [paper.verdict["stands"] for paper in papers] == [True, False]
    assert papers[0].verdict["signers"][0]["organisation"] == samples.AGENCY
