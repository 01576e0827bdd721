"""Two agencies that write to each other: Sa Pa sends, Bắc Hà receives."""

from datetime import date

import pytest

from motcua.config.settings import mailer
from motcua.demo.people import Person
from motcua.dispatches import actions
from motcua.dispatches.models import Incoming, Outgoing
from motcua.lib.actors import Actor
from tests import given
from tests.dispatches.mail_servers import MailServer
from tests.post import settle

# Posts at Bắc Hà that nobody holds in the demo country.
CLERK = Person("hoa", "Lù Thị Hoa", "000190009933", "laocai", "Văn thư xã Bắc Hà", "Records clerk of Bắc Hà", ((given.BAC_HA, "clerk", "Văn thư", "Records clerk"),))  # fmt: skip
HEAD = Person("pao", "Giàng A Páo", "000078009944", "laocai", "Chủ tịch xã Bắc Hà", "Chair of Bắc Hà", ((given.BAC_HA, "chair", "Chủ tịch", "Chair"),))  # fmt: skip
TEXT = "Thực hiện kế hoạch năm, đề nghị quý cơ quan cử một cán bộ dự họp.\nTrân trọng."


@pytest.fixture(autouse=True)
def _two_agencies(db):
    given.country()
    given.keys()


@pytest.fixture
def server(settings):
    there = MailServer()
    settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{there.listening.port}")}
    yield there
    there.close()


def clerk_there() -> Actor:
    return given.actor(CLERK)


def head_there() -> Actor:
    return given.actor(HEAD)


def written(**changes) -> Outgoing:
    """A letter on the desk of whoever drafted it."""
    letter = Outgoing(
        agency=given.SA_PA, kind="letter", subject="Cử cán bộ dự họp", text=TEXT, receivers=[given.BAC_HA]
    )
    for name, value in changes.items():
        setattr(letter, name, value)
    return actions.draft(letter, by=given.officer("specialist"))


def signed(**changes) -> Outgoing:
    letter = actions.submit(written(**changes), by=given.officer("specialist"))
    return actions.sign(letter, by=given.officer("chair"), position="Chủ tịch")


def issued(**changes) -> Outgoing:
    letter = actions.issue(signed(**changes), by=given.officer("clerk"))
    settle()
    return letter


def there() -> Incoming:
    """What has come to Bắc Hà."""
    return Incoming.objects.get(agency=given.BAC_HA)


def today() -> date:
    from django.utils import timezone

    return timezone.localdate()
