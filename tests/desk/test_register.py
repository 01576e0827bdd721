"""Form 07: the register of a period, whichever way the dossiers came."""

from datetime import timedelta

import pytest
from django.utils import timezone

from motcua.documents.models import Document
from motcua.dossiers.models import Dossier
from tests import given
from tests.documents import reading


def days(since, until):
    parts = {"since": since, "until": until}
    return {
        f"{name}_{part}": getattr(day, part)
        for name, day in parts.items()
        for part in ("day", "month", "year")
    }


def test_the_register_holds_what_was_received_at_the_counter_by_post_and_online(visitor, accepted):
    made = accepted(8, 8, 8)
    for channel, dossier in zip((1, 2, 3), made, strict=True):
        Dossier.objects.filter(pk=dossier.pk).update(channel=channel)
    today = timezone.localdate()
    answer = visitor("suong").post("/desk/register/", days(today, today))
    text = reading.text(answer.content)
    assert (answer["Content-Type"], reading.media_box(answer.content)) == (
        "application/pdf",
        [0, 0, 297, 210],
    )
    assert [dossier.code in text for dossier in made] == [True, True, True]
    assert "Số:1/STD-BPTNTKQ" in text
    # Whoever works on the agency's dossiers finds it from the work list: the one who examines, and the deputy head.
    assert visitor("dua").get("/desk/").content.decode().count("/desk/register/") == 1
    assert visitor("thac").post("/desk/register/", days(today, today)).status_code == 200
    assert list(
        Document.objects.order_by("serial").filter(kind="register").values_list("number", flat=True)
    ) == [
        "1/STD-BPTNTKQ",
        "2/STD-BPTNTKQ",
    ]


def test_another_agencys_dossiers_are_not_in_it(visitor, accepted):
    (dossier,) = accepted(8)
    today = timezone.localdate()
    answer = visitor("man").post("/desk/register/", days(today, today))
    assert dossier.code not in reading.text(answer.content)


def test_days_in_the_wrong_order_are_mended_not_printed(visitor, accepted):
    given.country()
    today = timezone.localdate()
    answer = visitor("suong").post("/desk/register/", days(today, today - timedelta(days=1)))
    assert (answer.status_code, Document.objects.filter(kind="register").count()) == (422, 0)


@pytest.mark.parametrize(
    ("key", "status"), [("", 302), ("may", 403), ("thong", 403), ("guong", 403), ("lua", 200)]
)
def test_the_register_is_for_who_works_on_dossiers(visitor, key, status):
    given.country()
    assert visitor(key).get("/desk/register/").status_code == status
