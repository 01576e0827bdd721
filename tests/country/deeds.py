"""What a hand does at its node when it is told to; arguments and answers are JSON. Runs in the hand's process."""

import io

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from motcua.demo.nodes import SA_PA
from motcua.demo.people import BY_KEY
from motcua.documents.models import Document
from motcua.dossiers import actions
from motcua.dossiers.models import Application, Dossier
from motcua.exchange.models import Incoming, Leaf, Outbox, Outgoing, Peer
from motcua.exchange.questions import progress
from motcua.journal.keyring import public_keys
from motcua.journal.models import Entry, Head
from motcua.journal.verification import first_broken
from motcua.people.models import Account, actor_of
from motcua.procedures.models import Version
from motcua.registers.civil.models import Birth
from motcua.registers.insurance.models import Card
from motcua.registers.population.models import Person
from motcua.sharing.models import Errand, Request
from motcua.tracking.models import Passage, Tracked
from tests import given

HELD = []


def actor(key):
    return actor_of(Account.objects.get(username=BY_KEY[key].number))


# The story, step by step


def send(child, who="may"):
    """A mother fills in and sends her application; returns its id."""
    version, by = Version.objects.get(procedure__code=given.BIRTH), actor(who)
    begun = actions.begin(version, by=by, case="lien_thong", agency=SA_PA, agency_name="UBND phường Sa Pa")
    given.fill_in(begun, by=by, child_given_name=child)
    given.paper(begun, by=by)
    actions.send(begun, by=by)
    return str(begun.pk)


def withdraw(dossier, who):
    actions.withdraw(Application.objects.get(pk=dossier), by=actor(who), reason="Tôi nộp nhầm.")


def has_arrived(dossier):
    return Dossier.objects.filter(pk=dossier).exists()


def accept(dossier, who="suong"):
    """Returns the code the dossier was given."""
    found = Dossier.objects.get(pk=dossier)
    actions.accept(found, by=actor(who))
    return found.code


def propose(dossier, who="lam"):
    actions.propose(Dossier.objects.get(pk=dossier), by=actor(who), opinion="Đủ điều kiện đăng ký khai sinh.")


def sign(dossier, who="lua"):
    actions.sign(Dossier.objects.get(pk=dossier), by=actor(who))


def hold(dossier):
    """Keep the dossier locked, so that whoever works on it waits, until `let_go`."""
    block = transaction.atomic()
    block.__enter__()
    HELD.append(block)
    Dossier.objects.select_for_update().get(pk=dossier)


def let_go():
    HELD.pop().__exit__(None, None, None)


# What can be seen at the node of the agency


def steps(dossier):
    return dict(Dossier.objects.get(pk=dossier).steps.values_list("key", "state"))


def dossier(dossier):
    found = Dossier.objects.get(pk=dossier)
    return {"state": found.state, "code": found.code, "child": found.results.get("register", {})}


def codes_given(dossier):
    """Codes in the journal: what `accept` recorded, however often it was tried."""
    entries = Entry.objects.of("dossiers.DossierAccepted").filter(about=f"dossier:{dossier}")
    return [entry.facts["code"] for entry in entries.order_by("id")]


def signed(dossier):
    """Birth certificates made for the dossier, by state."""
    return list(
        Document.objects.filter(about=f"dossier:{dossier}", kind="birth").values_list("state", flat=True)
    )


def why(dossier, key):
    """In words, why a step at another agency is not done yet."""
    asked = Request.objects.get(correlation=f"dossier:{dossier}:{key}:1")
    told = progress(asked.message)
    return {
        "state": told.state,
        "words": told.words,
        "is_open": told.is_open,
        "next_try": told.next_try is not None,
    }


# What can be seen at the nodes of the registers, by the child's personal number


def births(number):
    return list(Birth.objects.filter(personal_number=number).values_list("state", flat=True))


def births_of(code):
    """Births registered for a dossier."""
    return Entry.objects.of("civil.BirthRegistered").filter(facts__dossier=code).count()


def numbers_of(code):
    """Numbers issued for a dossier."""
    return Entry.objects.of("population.NumberIssued").filter(facts__reference=code).count()


def residences(number):
    """Residences registered for a person, and where they live now."""
    person = Person.objects.get(number=number)
    count = Entry.objects.of("population.ResidenceRegistered").filter(about=person.urn).count()
    return [count, person.versions.current().order_by("-valid_from").first().residence]


def cards(number):
    return Card.objects.filter(personal_number=number).count()


def errands(code):
    """What was asked of this register for a dossier, and what became of it."""
    return sorted(Errand.objects.filter(dossier=code).values_list("service", "state"))


# What can be seen at the Government Office


def application(dossier):
    found = Application.objects.get(pk=dossier)
    kinds = found.attachments.order_by("added_at", "pk").values_list("kind", flat=True)
    return {"state": found.state, "code": found.code, "papers": list(kinds)}


def states_tracked(dossier):
    """The states the country was told of, in the order of their times."""
    states = (
        Passage.objects.filter(dossier=dossier)
        .order_by("at", "state", "step")
        .values_list("state", flat=True)
    )
    return list(dict.fromkeys(states))


def tracked(dossier):
    return Tracked.objects.get(dossier=dossier).state


def applications():
    return Application.objects.count()


# At any node


def journal():
    """None if the journal is whole, else what is wrong where."""
    broken = first_broken(public_keys())
    return broken and f"{broken.place}: {broken.what}"


def unsealed():
    return Entry.objects.count() - sum(Head.objects.values_list("size", flat=True))


def verify_journal():
    """The command an operator runs: its answer, or what it complains of."""
    try:
        call_command("journal", "verify", stdout=(out := io.StringIO()))
    except CommandError as error:
        return ["broken", str(error)]
    return ["whole", out.getvalue()]


def has_someone_waiting():
    """Whether someone here waits for what another holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def is_settled():
    """Whether nothing of the exchange waits at this node."""
    waiting = Incoming.objects.pending(), Outgoing.objects.open(), Outbox.objects.all()
    return not any(rows.exists() for rows in waiting)


def backlog():
    """For a test that fails: what waits here and why."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, task_name, attempts, args::text FROM procrastinate_jobs")
        jobs = cursor.fetchall()
    return {
        "pending": list(Incoming.objects.pending().values_list("kind", "reason")),
        "signed": list(Outgoing.objects.open().values_list("kind", "reason")),
        "jobs": [list(row) for row in jobs],
        "peers": list(Peer.objects.filter(failures__gt=0).values_list("name", "last_error")),
    }


def last_error(peer):
    """What was heard last from a peer that does not take our messages."""
    return Peer.objects.filter(name=peer).values_list("last_error", flat=True).first() or ""


def refusals():
    """What was refused at the door, newest first, as it stands in the log."""
    return [bytes(text).decode() for text in Leaf.objects.refusals().values_list("text", flat=True)[:20]]


def tamper(event):
    """Change one byte of the newest sealed entry of a kind, as only the database's owner could; say where."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            """SELECT e.id, e.about, s.place FROM journal_entry e JOIN journal_seal s ON s.entry_id = e.id
            WHERE e.event = %s ORDER BY e.id DESC LIMIT 1""",
            [event],
        )
        entry, about, place = cursor.fetchone()
        cursor.execute("UPDATE journal_entry SET about = %s WHERE id = %s", [about[:-1] + "~", entry])
        cursor.execute("SET session_replication_role = origin")
    return {"entry": entry, "about": about, "place": place}


def mend(entry, about):
    """Put it back."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET about = %s WHERE id = %s", [about, entry])
        cursor.execute("SET session_replication_role = origin")


def certificate(dossier):
    """The signed birth certificate: where its bytes lie and under which code it is verified."""
    found = Document.objects.get(about=f"dossier:{dossier}", kind="birth")
    return {"file": str(given.Store(settings.FILES).path(found.digest)), "code": found.code}
