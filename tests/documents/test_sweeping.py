"""Files nobody makes use of are deleted: not at once, not while somebody may name them, and nothing else with them."""

import fcntl
import io
import os
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from motcua.documents import actions, sweeping
from motcua.documents.models import Document, Loose, store
from motcua.dossiers import actions as dossiers
from motcua.exchange.models import Leaf
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.named_files import NAMINGS, unnamed
from tests import given
from tests.racing import apart

LONG = timedelta(days=40)


def grown_old(*digests):
    """As if these files had been put long ago."""
    for digest in digests:
        os.utime(store().path(digest), times=((timezone.now() - LONG).timestamp(),) * 2)


def put(content=b"nobody's"):
    digest = store().put([content]).digest
    grown_old(digest)
    return digest


def sweep():
    """One night's work: how many files were deleted, and how many are named by nobody."""
    return tuple(found.files for found in actions.sweep(by=actions.DOCUMENTS))


def a_night_later():
    Loose.objects.update(noted_at=timezone.now() - timedelta(hours=23))


@pytest.mark.django_db
def test_a_paper_taken_out_of_a_draft_is_deleted_after_a_night_and_a_day():
    application, by = given.application(at="filled"), given.citizen()
    attached = application.attachments.get()
    laid = Document(title="anh.png", about=application.urn, owner=by.urn)
    actions.keep(laid, by=by, file=io.BytesIO(given.picture()))
    Document.objects.update(made_at=timezone.now() - LONG)
    grown_old(attached.digest)
    assert sweep() == (0, 0)
    dossiers.detach(application, by=by, attachment=attached)
    assert sweep() == (0, 1)
    assert store().exists(attached.digest)
    assert sweep() == (0, 1)
    a_night_later()
    assert sweep() == (1, 0)
    assert not store().exists(attached.digest)
    assert (Document.objects.count(), Loose.objects.count()) == (0, 0)
    told = Entry.objects.filter(event__startswith="documents.Files").order_by("pk")
    assert [(entry.event, entry.facts) for entry in told] == [
        ("documents.FilesNoted", {"files": 1, "dropped": 1}),
        ("documents.FilesDiscarded", {"files": 1, "size": len(given.picture())}),
    ]


@pytest.mark.django_db
def test_what_somebody_names_or_has_just_put_stays():
    named, fresh = put(given.picture()), store().put([b"fresh"]).digest
    given.claim()
    grown_old(named)
    assert sweep() == (0, 0)
    a_night_later()
    assert sweep() == (0, 0)
    assert (store().exists(named), store().exists(fresh)) == (True, True)


@pytest.mark.django_db
def test_what_is_named_or_put_again_between_the_nights_stays():
    named, again = put(given.picture()), put(b"again")
    assert sweep() == (0, 2)
    given.claim()
    grown_old(named)
    store().renew(again)
    a_night_later()
    assert sweep() == (0, 0)
    assert (store().exists(named), store().exists(again), Loose.objects.count()) == (True, True, 0)


@pytest.mark.django_db
def test_uploads_just_laid_ready_keep_their_record():
    by = given.citizen()
    laid = Document(title="anh.png", about="application:1", owner=by.urn)
    actions.keep(laid, by=by, file=io.BytesIO(given.picture()))
    grown_old(laid.digest)
    assert sweep() == (0, 1)
    assert Document.objects.count() == 1


@pytest.mark.django_db
def test_only_the_node_itself_deletes_files():
    for act in (
        lambda by: actions.note_loose([], by=by),
        lambda by: actions.discard_loose(store(), by=by, noted=timezone.now(), older=timezone.now()),
    ):
        with pytest.raises(Refused):
            act(given.officer())


@pytest.mark.django_db
def test_what_is_still_on_its_way_in_is_cleared_when_it_is_old():
    put()
    incoming = store().root / "incoming"
    for name, age in (("cut-off", LONG), ("coming", timedelta())):
        (incoming / name).write_bytes(b"half")
        os.utime(incoming / name, times=((timezone.now() - age).timestamp(),) * 2)
    sweep()
    assert [file.name for file in incoming.iterdir()] == ["coming"]


@pytest.mark.django_db
def test_the_command_counts_first_and_deletes_only_when_told(capsys):
    put()
    call_command("documents", "sweep", "--dry-run")
    assert Loose.objects.count() == 0
    call_command("documents", "sweep")
    a_night_later()
    call_command("documents", "sweep", "--dry-run")
    call_command("documents", "sweep")
    assert capsys.readouterr().out.splitlines() == [
        "1 tệp cũ (0.0 MB) không còn được dùng đến.",
        "0 tệp đang chờ xóa.",
        "Đã xóa 0 tệp (0.0 MB).",
        "1 tệp cũ (0.0 MB) không còn được dùng đến, đã ghi lại để xóa vào đêm sau.",
        "1 tệp cũ (0.0 MB) không còn được dùng đến.",
        "1 tệp đang chờ xóa.",
        "Đã xóa 1 tệp (0.0 MB).",
        "0 tệp cũ (0.0 MB) không còn được dùng đến, đã ghi lại để xóa vào đêm sau.",
    ]


# Whoever waits for the table we hold.
KILL = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = 'journal_entry'::regclass
"""


@pytest.mark.django_db(transaction=True)
def test_killed_between_file_and_note_nothing_is_lost_and_the_next_night_goes_on():
    digests = sorted(put(content) for content in (b"one", b"two"))
    sweep()
    a_night_later()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic(), connection.cursor() as cursor:
            # The files go, then the deed is to be recorded and waits for us; there it is killed.
            cursor.execute("LOCK TABLE journal_entry IN EXCLUSIVE MODE")
            sweeping_now, killed = pool.submit(apart, sweep), 0
            while not killed and not sweeping_now.done():
                cursor.execute(KILL)
                killed = cursor.rowcount
        with pytest.raises(OperationalError):
            sweeping_now.result()
    assert not any(store().exists(digest) for digest in digests)
    assert Loose.objects.count() == 2
    assert sweep() == (0, 0)
    assert Loose.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_who_was_at_work_when_a_file_was_noted_keeps_it():
    put()
    sweep()
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT xact_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
            (begun,) = cursor.fetchone()
        assert pool.submit(apart, sweeping.noted_before).result() == begun - sweeping.A_NIGHT


def test_a_file_put_or_renewed_while_it_is_being_deleted_stays():
    digest = put()
    older = timezone.now() - timedelta(days=30)
    held = os.open(store().root, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_SH)
    with ThreadPoolExecutor(1) as pool:
        deleting = pool.submit(store().discard, digest, older=older)
        with pytest.raises(TimeoutError):
            deleting.result(timeout=0.2)
        assert store().renew(digest)
        os.close(held)
        assert deleting.result() is False
    assert store().exists(digest)


def test_of_those_who_put_and_delete_at_once_the_file_is_there_for_who_put_it():
    content, older = b"at once", timezone.now() - timedelta(days=30)
    with ThreadPoolExecutor(2) as pool:
        for _round in range(100):
            digest = put(content)
            deleting = pool.submit(store().discard, digest, older=older)
            pool.submit(store().put, [content]).result()
            deleting.result()
            assert store().exists(digest)


@pytest.mark.django_db
def test_large_bodies_of_the_log_stay_and_attachments_until_their_message_is_settled():
    body, under_way, settled = put(b"body"), put(b"under way"), put(b"settled")
    for number, digest in ((1, under_way), (2, settled)):
        envelope = (
            f'{{"attachments":[{{"digest":"{digest}","media":"a/b","size":9}}],"content_digest":"sha-256=:x:"'
        )
        Leaf.objects.create(
            number=number, batch=0, what="sent", text=b"", envelope=envelope.encode(), body=b"{}"
        )
    named = b64encode(bytes.fromhex(body)).decode()
    Leaf.objects.create(
        number=3, batch=0, what="sent", text=b"", envelope=f'{{"content_digest":"sha-256=:{named}:"'.encode()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_incoming (message, sender, digest, leaf, parcel, kind, recipient, stream, seq, effect)"
            " VALUES (gen_random_uuid(), 'a', '', 1, gen_random_uuid(), 'k', 'b', '', 0, 'pending'),"
            " (gen_random_uuid(), 'a', '', 2, gen_random_uuid(), 'k', 'b', '', 0, 'done')"
        )
    assert unnamed([body, under_way, settled]) == {settled}


@pytest.mark.django_db
def test_so_do_those_of_messages_of_ours_whose_entry_is_the_envelope_itself():
    body, under_way, settled = put(b"our body"), put(b"our picture"), put(b"our settled picture")
    named = b64encode(bytes.fromhex(body)).decode()
    Leaf.objects.create(
        number=1, batch=0, what="message", text=f'{{"content_digest":"sha-256=:{named}:"'.encode()
    )
    for number, digest in ((2, under_way), (3, settled)):
        text = (
            f'{{"attachments":[{{"digest":"{digest}","media":"a/b","size":9}}],"content_digest":"sha-256=:x:"'
        )
        Leaf.objects.create(number=number, batch=0, what="message", text=text.encode(), body=b"{}")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exchange_outgoing (id, leaf, kind, sender, recipient, stream, seq, correlation, created, expires,"
            " give_up_at, confirm, state) SELECT gen_random_uuid(), number, 'k', 'a', 'b', '', 0, '', now(), now(), now(), true,"
            " CASE number WHEN 2 THEN 'signed' ELSE 'received' END FROM exchange_leaf WHERE number > 1"
        )
    assert unnamed([body, under_way, settled]) == {settled}


# What happened stays true without the file it tells of: the one place that holds digests and keeps no file.
MEMORY = {"journal_entry.facts"}
HEX = "[0-9a-f]{64}"


@pytest.mark.django_db
def test_whatever_column_holds_the_digest_of_a_file_is_declared():
    """Stories are played; then every column of every table is searched for the digests of the files they left."""
    given.copy(at="signed")
    given.claim()
    files = {blob.digest for blob in store().older(timezone.now() + timedelta(days=1))}
    declared = {
        f"{naming.model._meta.db_table}.{naming.model._meta.get_field(column).column}"
        for naming in NAMINGS.values()
        for column in naming.columns
    }
    held = {where for where, digests in everywhere() if digests & files}
    assert held - declared == MEMORY


def everywhere():
    """Each column that can hold a digest, with those it holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"
        )
        for table, column, kind in cursor.fetchall():
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f"SELECT DISTINCT (regexp_matches({text}, '{HEX}', 'g'))[1] FROM {table}")
            yield f"{table}.{column}", {digest for (digest,) in cursor.fetchall()}


# Fields that could hold the digest of a file by their kind or name, and hold something else.
OTHERS = {
    "api.Client.secret": "of a secret",
    "api.Asked.key": "a word of the caller",
    "api.Asked.digest": "of a question",
    "dossiers.FormSignature.fingerprint": "of a certificate or of what was answered",
    "exchange.ArchivedBatch.digest": "of a line of a month's file",
    "exchange.ArchivedMonth.digest": "of the lines of a month's file",
    "exchange.Carried.digest": "of a file on a medium",
    "exchange.Incoming.digest": "of an envelope",
    "exchange.Refusal.digest": "of a message or a request that was refused",
    "payments.Bundle.key": "of the list of what is paid",
    "people.SignOn.code_digest": "of a code",
    "procedures.Version.digest": "of a definition",
    "documents.Loose.digest": "of a file nobody names",
}


def test_every_field_that_could_name_a_file_is_declared_or_holds_something_else():
    """A new one is found by its name or kind; what hides in structured text is found by the story above."""
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("motcua.")
        for field in model._meta.local_fields
        if "digest" in field.name
        or getattr(field, "max_length", None) == 64
        or (field.name in {"file", "files", "paper", "papers", "attachments", "envelope"} and is_open(field))
    }
    declared = {f"{label}.{column}" for label, naming in NAMINGS.items() for column in naming.columns}
    assert found - declared == OTHERS.keys()
    assert declared - found == {"dossiers.FormSignature.prepared", "dispatches.Copy.original"}


def is_open(field):
    """Whether anything may stand in it."""
    return isinstance(field, models.JSONField | models.BinaryField)
