"""The worker's sealer: it seals what is there, rests, and goes on after a fault."""

import threading
from dataclasses import dataclass

import pytest

from motcua.config.work import PAUSE, keep_journal
from motcua.journal.actions import record
from motcua.journal.followers import FOLLOWERS, HEARD, follows
from motcua.journal.models import Entry, Seal
from motcua.lib.actors import Actor
from motcua.lib.keys import FileKey
from tests.sealed import seal_all

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 480  # rests, two minutes in all
ACTOR = Actor(urn="person:1", name="Trần Hạ Mây")


@dataclass(frozen=True)
class BellRung:
    where: str


BellRung.__module__ = "motcua.bells.events"


class Rests(threading.Event):
    """Lets the sealer work until it has sealed something, whoever else is at work on the same server."""

    def __init__(self):
        super().__init__()
        self.before, self.rested = Seal.objects.count(), []

    def wait(self, timeout=None):
        self.rested.append(timeout)
        if Seal.objects.count() > self.before or len(self.rested) > MOST:
            self.set()
        return super().wait(timeout)


@pytest.fixture
def echo(node_home):
    """A follower who answers a ring by another, once."""
    FileKey.generate().save(node_home / "keys" / "node.pem")
    seal_all()

    @follows("echo", ["bells.BellRung"])
    def answer(entries):
        if [entry.facts["where"] for entry in entries] == ["gate"]:
            record(BellRung("echo"), about="bell:1", by=ACTOR)

    yield
    FOLLOWERS.pop("echo")
    HEARD.pop("echo")


def test_what_comes_while_it_seals_waits_until_it_has_rested(echo):
    record(BellRung("gate"), about="bell:1", by=ACTOR)
    rests = Rests()
    keep_journal(rests)
    assert set(rests.rested) == {PAUSE}
    assert Entry.objects.filter(event="bells.BellRung").count() == 2
    assert Entry.objects.count() - Seal.objects.count() == 1
