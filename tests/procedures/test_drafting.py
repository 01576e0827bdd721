"""Drafts: written by one person, approved by another, in force from a day on; files that read back as themselves."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given as always
from hypothesis import strategies as st

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, NotNow, Refused
from motcua.lib.actors import Actor, Grant
from motcua.procedures import actions
from motcua.procedures.difference import differences
from motcua.procedures.loading import catalogue_files, load, shaped
from motcua.procedures.models import Draft, Version
from motcua.procedures.reading import Document
from motcua.procedures.schema import Definition, Fee, Term, Text
from motcua.procedures.vocabulary import Channel, Unit
from motcua.procedures.writing import written
from tests.procedures.samples import portal
from tests.procedures.samples import written as file

SYSTEM = Actor.system("tests")
TODAY = timezone.localdate


def administrator(number, settings):
    grant = Grant("administrator", settings.NODE.national)
    return Actor(f"person:{number}", f"Quản trị {number}", frozenset({grant}))


@pytest.fixture
def writer(settings):
    return administrator(1, settings)


@pytest.fixture
def second(settings):
    return administrator(2, settings)


@pytest.fixture
def version(db, tmp_path, settings):
    settings.NODE = settings.NODE.model_copy(update={"bank_account": "970499 0000000000019 KHO BAC THU"})
    return actions.publish(load(file(tmp_path)), by=SYSTEM)


@pytest.fixture
def draft(version, writer):
    """A draft with a smaller fee, not yet proposed."""
    begun = actions.revise(version, by=writer)
    actions.edit(begun, by=writer, definition=changed(begun.definition, fees=(Fee(amount=5000),)))
    return begun


def changed(definition, **parts) -> Definition:
    return definition.model_copy(update=parts)


# The file


def read_back(text):
    return shaped(Document.parsed(text, shown_as="x.yaml"))


@pytest.mark.parametrize("path", catalogue_files(), ids=lambda path: path.stem)
def test_every_procedure_of_ours_reads_back_from_its_file_byte_for_byte(path):
    definition = load(path)
    text = written(definition)
    assert read_back(text) == definition
    assert written(read_back(text)) == text


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")),
    min_size=1,
    max_size=30,
)
texts = st.builds(Text, vi=words, en=words)
fees = st.builds(Fee, amount=st.none() | st.integers(0, 10**9), note=st.none() | texts, raw=words)
terms = st.builds(
    Term, value=st.none() | st.integers(0, 400), unit=st.none() | st.sampled_from(Unit), raw=words
)


@always(
    name=texts,
    summary=st.none() | texts,
    fees=st.lists(fees, max_size=3),
    terms=st.lists(terms, max_size=3),
    keywords=st.lists(words, max_size=4),
    hours=st.sampled_from([0.25, 4, 14.5, 24]),
    day=st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)),
)
def test_whatever_people_write_reads_back_as_itself(*, name, summary, fees, terms, keywords, hours, day):
    base = load(next(path for path in catalogue_files() if path.stem == "1.013859"))
    steps = tuple(
        step.model_copy(update={"hours": float(hours)}) if step.id == "examine" else step
        for step in base.steps
    )
    bent = changed(
        base,
        name=name,
        summary=summary,
        fees=tuple(fees),
        terms=tuple(terms),
        keywords=tuple(keywords),
        steps=steps,
        version=day,
    )
    assert read_back(written(bent)) == bent
    assert written(read_back(written(bent))) == written(bent)


def test_steps_stand_in_the_file_as_what_differs_from_their_pattern():
    text = written(load(next(path for path in catalogue_files() if path.stem == "1.013859")))
    assert "pattern: appraise\nsteps:\n  examine: {hours: 24}\n  sign: {hours: 8}\n" in text


def test_signs_that_cannot_be_printed_are_refused_with_advice(english):
    with pytest.raises(Exception, match="take out the signs that cannot be printed"):
        read_back("code: \x07")


# The difference


def test_what_differs_is_told_part_by_part(tmp_path, english):
    old = load(file(tmp_path))
    papers = (old.papers[0].model_copy(update={"required": False}),)
    new = changed(old, fees=(Fee(amount=7000),), papers=papers, name=Text(vi="Cấp thẻ", en="Card"))
    assert [(one.section, one.place, one.before, one.after) for one in differences(old, new)] == [
        ("Name", "", "Cấp giấy thử\nSample licence", "Cấp thẻ\nCard"),
        ("Papers", "photo › required", "", "False"),
        ("Fees", "1 › amount", "0", "7000"),
    ]
    assert differences(old, old) == []


def test_what_is_new_or_gone_stands_on_one_side_only(tmp_path):
    old = load(file(tmp_path))
    gone = differences(old, changed(old, papers=()))
    assert {(one.after, bool(one.before)) for one in gone} == {("", True)}


# The life of a draft


def test_a_draft_is_written_by_one_and_approved_by_another(draft, writer, second):
    actions.propose(draft, by=writer, note="Giảm phí theo Nghị quyết 12.")
    version = actions.approve(draft, by=second)
    assert (version.definition.fees[0].amount, version.approved_by) == (5000, "Quản trị 2")
    assert version == Version.objects.in_force(TODAY()).get()
    assert (draft.state, draft.version, draft.proposer, draft.approver) == (
        "approved",
        version,
        "Quản trị 1",
        "Quản trị 2",
    )
    events = [entry.event for entry in Entry.objects.filter(about=draft.urn).order_by("id")]
    names = ["DraftBegun", "DraftEdited", "DraftProposed", "DraftApproved"]
    assert events == [f"procedures.{name}" for name in names]


def test_a_version_approved_for_a_later_day_waits_for_it(draft, writer, second):
    later = TODAY() + dt.timedelta(days=30)
    actions.edit(draft, by=writer, definition=changed(draft.definition, version=later))
    actions.propose(draft, by=writer, note="Từ tháng sau.")
    version = actions.approve(draft, by=second)
    assert Version.objects.in_force(TODAY()).get() == draft.base
    assert Version.objects.in_force(later).get() == version


def test_nobody_approves_or_sends_back_what_they_wrote_or_proposed(draft, writer, second):
    actions.edit(draft, by=second, definition=changed(draft.definition, keywords=("thử",)))
    actions.propose(draft, by=writer, note="Sửa.")
    for by in (writer, second):
        with pytest.raises(Refused):
            actions.approve(draft, by=by)
        with pytest.raises(Refused):
            actions.send_back(draft, by=by, reason="Không.")
    assert Version.objects.count() == 1


def test_the_database_knows_four_eyes_too(draft, version):
    Draft.objects.filter(pk=draft.pk).update(proposed_by="person:1")
    for approver in ("", "person:1"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(state="approved", approved_by=approver, version=version)


def test_what_is_sent_back_is_mended_and_proposed_again(draft, writer, second):
    actions.propose(draft, by=writer, note="Giảm phí.")
    with pytest.raises(NotNow):
        actions.edit(draft, by=writer, definition=draft.definition)
    with pytest.raises(Invalid):
        actions.send_back(draft, by=second, reason=" ")
    draft.refresh_from_db()
    actions.send_back(draft, by=second, reason="Thiếu số nghị quyết.")
    assert (draft.state, draft.reason) == ("draft", "Thiếu số nghị quyết.")
    actions.propose(draft, by=writer, note="Nghị quyết 12.")
    assert draft.reason == ""


def test_what_cannot_be_proven_is_not_proposed(draft, writer):
    unsound = changed(draft.definition, steps=draft.definition.steps[:-1])
    actions.edit(draft, by=writer, definition=unsound)
    with pytest.raises(Invalid, match="steps"):
        actions.propose(draft, by=writer, note="Bỏ bước ký.")
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_version_does_not_begin_in_the_past(draft, writer, second):
    actions.propose(draft, by=writer, note="Từ hôm nay.")
    # Nobody approved it in time: its day has passed, and is said as people write it.
    past = changed(draft.definition, version=TODAY() - dt.timedelta(days=1))
    Draft.objects.filter(pk=draft.pk).update(content=past.as_content())
    draft.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        actions.approve(draft, by=second)
    assert (refused.value.field, f"{TODAY():%d/%m/%Y}" in str(refused.value)) == ("version", True)
    actions.send_back(draft, by=second, reason="Ngày đã qua.")
    with pytest.raises(Invalid) as refused:
        actions.propose(draft, by=writer, note="Hồi tố.")
    assert refused.value.field == "version"


def test_a_draft_stays_the_same_procedure_and_ours(draft, writer):
    with pytest.raises(Invalid) as refused:
        actions.edit(draft, by=writer, definition=changed(draft.definition, code="9.000009"))
    assert refused.value.field == "code"
    with pytest.raises(Invalid) as refused:
        actions.edit(draft, by=writer, definition=portal("9.000001", "Thử"))
    assert refused.value.field == "source"


def test_there_is_one_open_draft_of_a_procedure(draft, version, second):
    assert actions.revise(version, by=second) == draft
    actions.discard(draft, by=second)
    assert actions.revise(version, by=second) != draft


def test_what_the_portal_says_becomes_ours_with_a_list_of_what_is_missing(db, writer):
    actions.take_over([portal("9.000002", "Nuôi rồng")], by=SYSTEM)
    begun = actions.revise(Version.objects.get(), by=writer)
    assert begun.definition.source == "file"
    with pytest.raises(Invalid, match="decision"):
        actions.propose(begun, by=writer, note="Đưa vào.")


def test_only_administrators_of_the_nation_write(version, draft, settings):
    for grant in (Grant("administrator", "H38"), Grant("chair", settings.NODE.national)):
        by = Actor("person:9", "Ai đó", frozenset({grant}))
        for act in (
            lambda by=by: actions.revise(version, by=by),
            lambda by=by: actions.edit(draft, by=by, definition=draft.definition),
            lambda by=by: actions.propose(draft, by=by, note="!"),
            lambda by=by: actions.discard(draft, by=by),
        ):
            with pytest.raises(Refused):
                act()


# A procedure that is not there yet


def of_province(number):
    return Actor(f"person:{number}", f"Quản trị {number}", frozenset({Grant("administrator", "H38")}))


def brought(tmp_path, owner="H38"):
    definition = load(file(tmp_path)).model_copy(update={"version": TODAY(), "channels": (Channel.DIRECT,)})
    return Draft(owner=owner, content=definition.as_content())


def test_a_province_writes_a_procedure_of_its_own_and_two_of_its_people_publish_it(db, tmp_path):
    one, other = of_province(3), of_province(4)
    draft = actions.begin_new(brought(tmp_path), by=one)
    assert actions.begin_new(brought(tmp_path), by=one) == draft
    actions.propose(draft, by=one, note="Theo Quyết định 12/QĐ-UBND.")
    with pytest.raises(Refused):
        actions.approve(draft, by=one)
    version = actions.approve(draft, by=other)
    assert (version.owner, Version.objects.in_force(TODAY()).get()) == ("H38", version)
    following = actions.revise(version, by=one)
    assert (following.owner, following.base) == ("H38", version)
    filed = [list(Version.objects.filed_at([code])) for code in ("H38.03006", "H38", "H39", "G22")]
    assert filed == [[version], [version], [], []]


def test_what_belongs_to_one_is_not_written_by_another(draft, version, writer, tmp_path):
    with pytest.raises(Refused):
        actions.begin_new(brought(tmp_path, owner=""), by=of_province(3))
    with pytest.raises(Refused):
        actions.begin_new(brought(tmp_path), by=writer)
    with pytest.raises(Refused):
        actions.edit(draft, by=of_province(3), definition=draft.definition)
    with pytest.raises(Invalid) as refused:
        actions.begin_new(brought(tmp_path), by=of_province(3))
    assert refused.value.field == "code"


def test_a_commune_has_none_of_its_own_and_what_somebody_writes_is_not_begun_again(db, tmp_path):
    commune = Actor("person:5", "Quản trị 5", frozenset({Grant("administrator", "H38.03006")}))
    with pytest.raises(Invalid) as refused:
        actions.begin_new(brought(tmp_path, owner="H38.03006"), by=commune)
    assert refused.value.field == "owner"
    actions.begin_new(brought(tmp_path), by=of_province(3))
    with pytest.raises(Invalid):
        actions.begin_new(brought(tmp_path), by=of_province(4))


def test_a_new_procedure_goes_online_only_with_the_assent_of_its_users(db, tmp_path):
    draft = actions.begin_new(brought(tmp_path), by=of_province(3))
    actions.edit(draft, by=of_province(3), definition=changed(draft.definition, channels=(Channel.ONLINE,)))
    with pytest.raises(Invalid):
        actions.propose(draft, by=of_province(3), note="Mở trực tuyến.")


def test_a_file_becomes_a_draft_new_or_next_or_the_one_that_is_open(db, tmp_path, writer, second):
    definition = load(file(tmp_path))
    begun = actions.bring(definition, owner="", by=SYSTEM)
    assert (begun.base, begun.authors) == (None, [SYSTEM.urn])
    again = actions.bring(changed(definition, keywords=("thử",)), owner="", by=writer)
    assert (again, again.definition.keywords) == (begun, ("thử",))
    with pytest.raises(Invalid):
        actions.bring(definition, owner="H38", by=SYSTEM)
    actions.discard(again, by=writer)
    actions.publish(definition, by=SYSTEM)
    assert actions.bring(definition, owner="", by=SYSTEM).base == Version.objects.get()


def test_a_file_does_not_undo_what_two_people_approved_since(draft, writer, second, tmp_path):
    actions.propose(draft, by=writer, note="Giảm phí.")
    approved = actions.approve(draft, by=second)
    assert actions.publish(load(file(tmp_path)), by=SYSTEM) == approved
    newer = changed(load(file(tmp_path)), version=TODAY() + dt.timedelta(days=1))
    assert actions.publish(newer, by=SYSTEM) != approved
