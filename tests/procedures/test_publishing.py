"""Publishing: versions follow each other, one by one or by the batch."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from motcua.journal.models import Entry
from motcua.lib.actions import Invalid, Refused
from motcua.lib.actors import Actor, Grant
from motcua.procedures.actions import publish, take_over
from motcua.procedures.events import ProceduresImported
from motcua.procedures.loading import load
from motcua.procedures.models import Procedure, Version
from tests.procedures.samples import ON, portal, written

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("tests")


@pytest.fixture
def definition(tmp_path):
    return load(written(tmp_path))


def test_a_published_definition_is_a_version_in_force(definition):
    version = publish(definition, by=SYSTEM)
    assert version == Version.objects.in_force(ON).get()
    assert version.definition == definition
    assert (version.code, version.is_offered, version.name_in("en")) == ("9.000001", True, "Sample licence")
    assert (version.field_in("vi"), version.urn, str(version)) == (
        "Thử nghiệm",
        "procedure:9.000001",
        "9.000001 (2026-07-01)",
    )


def test_publishing_is_written_in_the_journal(definition):
    version = publish(definition, by=SYSTEM)
    entry = Entry.objects.get()
    assert (entry.event, entry.about) == ("procedures.ProcedurePublished", "procedure:9.000001")
    assert entry.facts == {
        "code": "9.000001",
        "effective_from": "2026-07-01",
        "digest": version.digest,
        "source": "file",
    }


def test_only_the_program_publishes_files_and_only_who_keeps_the_catalogue_takes_over(definition, settings):
    keeper = Actor("person:2", grants=frozenset({Grant("administrator", settings.NODE.national)}))
    elsewhere = Actor("person:1", grants=frozenset({Grant("administrator", "H38")}))
    for who in (keeper, elsewhere):
        with pytest.raises(Refused):
            publish(definition, by=who)
    with pytest.raises(Refused):
        take_over([portal("9.000002", "Bay")], by=elsewhere)
    assert take_over([portal("9.000002", "Bay")], by=keeper).published == 1


def test_the_same_content_again_changes_nothing(definition):
    first = publish(definition, by=SYSTEM)
    assert publish(definition.model_copy(update={"version": dt.date(2026, 9, 1)}), by=SYSTEM) == first
    assert Version.objects.count() == 1
    assert Entry.objects.count() == 1


def later(definition, day, **changes):
    return definition.model_copy(update={"version": day, "decision": "2/QĐ-THU"} | changes)


def test_a_new_version_holds_from_its_day_and_the_old_one_until_then(definition):
    old = publish(definition, by=SYSTEM)
    new = publish(later(definition, dt.date(2026, 12, 1)), by=SYSTEM)
    assert Version.objects.in_force(dt.date(2026, 11, 30)).get() == old
    assert Version.objects.in_force(dt.date(2026, 12, 1)).get() == new
    assert list(Version.objects.latest()) == [new]
    assert list(Version.objects.in_force(dt.date(2026, 6, 30))) == []


def test_a_version_cannot_begin_before_the_one_it_follows(definition):
    publish(definition, by=SYSTEM)
    with pytest.raises(Invalid) as refused:
        publish(later(definition, dt.date(2026, 6, 30)), by=SYSTEM)
    assert refused.value.field == "version"


def test_a_second_version_on_the_same_day_takes_its_place(definition):
    publish(definition, by=SYSTEM)
    new = publish(later(definition, definition.version), by=SYSTEM)
    assert Version.objects.in_force(ON).get() == new


def test_the_database_holds_one_open_version_of_each_procedure(definition):
    version = publish(definition, by=SYSTEM)
    version.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_a_batch_is_taken_over_and_recorded_once():
    batch = [portal("9.000001", "Nuôi rồng"), portal("9.000002", "Bay qua tỉnh")]
    taken = take_over(batch, by=SYSTEM)
    assert (taken.published, taken.unchanged, taken.ours) == (2, 0, 0)
    [entry] = Entry.objects.of("procedures.ProceduresImported")
    assert entry.facts == {"versions": {version.code: version.digest for version in Version.objects.all()}}
    assert ProceduresImported(**entry.facts).versions.keys() == {"9.000001", "9.000002"}


def test_taking_the_same_batch_over_again_changes_nothing():
    batch = [portal("9.000001", "Nuôi rồng"), portal("9.000002", "Bay qua tỉnh")]
    take_over(batch, by=SYSTEM)
    again = take_over([batch[0], portal("9.000002", "Bay qua xã")], by=SYSTEM)
    assert (again.published, again.unchanged) == (1, 1)
    assert Version.objects.in_force(ON).count() == 2
    assert take_over(batch[:1], by=SYSTEM).published == 0


def test_what_we_offer_is_never_replaced_by_what_the_portal_says(definition):
    ours = publish(definition, by=SYSTEM)
    taken = take_over([portal("9.000001", "Nuôi rồng")], by=SYSTEM)
    assert (taken.published, taken.ours) == (0, 1)
    assert Version.objects.in_force(ON).get() == ours


def test_our_file_takes_the_place_of_what_the_portal_said_even_if_dated_earlier(definition):
    take_over([portal("9.000001", "Nuôi rồng", version="2026-11-01")], by=SYSTEM)
    ours = publish(definition, by=SYSTEM)
    assert Version.objects.in_force(ON).get() == ours


@pytest.mark.parametrize("size", [1, 30])
def test_a_batch_takes_the_same_number_of_queries_whatever_its_size(size, django_assert_num_queries):
    batch = [portal(f"9.{number:06}", f"Thủ tục thứ {number}") for number in range(size)]
    with django_assert_num_queries(8):
        take_over(batch, by=SYSTEM)


def test_a_definition_is_read_once_for_all_rows_of_one_digest(definition):
    publish(definition, by=SYSTEM)
    first, second = Version.objects.get(), Version.objects.get()
    assert first.definition is second.definition


def test_a_procedure_is_called_by_its_code(definition):
    publish(definition, by=SYSTEM)
    assert str(Procedure.objects.get()) == "9.000001"
