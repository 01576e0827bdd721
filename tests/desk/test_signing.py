"""Many results signed in one go: each in its own transaction, as the chair, once; what hinders one hinders no other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.documents.models import Document
from motcua.dossiers import actions, tasks
from motcua.dossiers.models import Dossier
from motcua.journal.models import Entry
from motcua.people.models import Appointment
from tests import given
from tests.desk.conftest import DOSSIERS


@pytest.fixture
def waiting(accepted):
    """So many dossiers that wait for the chair."""
    given.keys()

    def waiting(count):
        made = accepted(*[8] * count)
        for number, dossier in enumerate(made):
            actions.propose(dossier, by=given.officer("registrar"), opinion="Đủ điều kiện.")
            for key, answer in answers(number).items():
                actions.complete_step(dossier, by=DOSSIERS, key=key, answer=answer)
        return made

    return waiting


def answers(number):
    return {
        "register": {
            "personal_number": f"0001260000{number:02}",
            "full_name": "Lý Hạ An",
            "certificate_number": f"{number}/2026",
            "registered_on": "2026-11-20",
        },
        "residence": {"registered_on": "2026-11-20", "address": "Tổ 3, phường Sa Pa"},
        "insurance": {"card_number": "TE1", "valid_from": "2026-11-20", "valid_until": "2032-11-20"},
    }


def work():
    """What the worker does with the jobs that wait."""
    for job in ProcrastinateJob.objects.filter(task_name="dossiers.sign").order_by("id"):
        tasks.sign(**job.args)


def ask(client, dossiers):
    return client.post("/desk/sign/", {"dossier": [str(one.pk) for one in dossiers]}, follow=True)


def states():
    return sorted(Dossier.objects.values_list("state", flat=True))


def test_those_chosen_are_signed_and_the_others_wait(visitor, waiting):
    first, second, third = waiting(3)
    chair = visitor("lua")
    assert str(third.pk) in chair.get("/desk/sign/").content.decode()
    page = ask(chair, [first, second]).content.decode()
    assert "Đã ký 0 trong 2" in page
    assert 'http-equiv="refresh"' in page
    work()
    page = chair.get("/desk/signing/").content.decode()
    assert "Đã ký 2 trong 2" in page
    assert 'http-equiv="refresh"' not in page
    assert states() == [Dossier.State.PROCESSING, Dossier.State.RETURNED, Dossier.State.RETURNED]


def test_asked_twice_each_is_signed_once(visitor, waiting):
    made, chair = waiting(2), visitor("lua")
    ask(chair, made)
    ask(chair, made)
    work()
    assert Document.objects.filter(kind=Document.Kind.BIRTH).count() == 2


def test_forty_are_signed_after_one_decision_and_each_costs_no_more_than_one_alone(visitor, waiting):
    (alone, *many), chair = waiting(41), visitor("lua")
    asked, signed = [], []
    for chosen in ([alone], many):
        with CaptureQueriesContext(connection) as asking:
            ask(chair, chosen)
        with CaptureQueriesContext(connection) as signing:
            work()
        asked.append(len(asking))
        signed.append(len(signing))
    assert asked[0] == asked[1]
    # The one signed before is looked at once more, and left alone.
    assert signed[1] <= 40 * signed[0] + 2
    assert signed[0] <= 50
    assert states() == [Dossier.State.RETURNED] * 41
    assert Document.objects.filter(kind=Document.Kind.BIRTH, state=Document.State.SIGNED).count() == 41
    assert "Đã ký 40 trong 40" in chair.get("/desk/signing/").content.decode()


def test_what_hinders_one_is_said_and_hinders_no_other(visitor, waiting):
    first, second = waiting(2)
    Dossier.objects.filter(pk=first.pk).update(results={})
    chair = visitor("lua")
    Dossier.objects.filter(pk=first.pk).update(applicant_name="𝕏")  # a letter the typeface does not have
    ask(chair, [first, second])
    Dossier.objects.filter(pk=first.pk).update(
        results=answers(1), answers=first.answers | {"child_home_town": "𝕏"}
    )
    work()
    page = chair.get("/desk/signing/").content.decode()
    assert "Chưa ký được" in page
    assert "1 kết quả chưa ký được" in page
    assert Entry.objects.of("dossiers.ResultNotSigned").get().about == first.urn
    assert states() == [Dossier.State.PROCESSING, Dossier.State.RETURNED]


def test_who_left_the_post_meanwhile_signs_nothing(visitor, waiting):
    made, chair = waiting(1), visitor("lua")
    ask(chair, made)
    Appointment.objects.filter(account=given.account("lua")).delete()
    work()
    assert states() == [Dossier.State.PROCESSING]
    assert Entry.objects.of("dossiers.ResultNotSigned").count() == 1


@pytest.mark.parametrize("key", ["lam", "suong", "thong", "may"])
def test_only_the_chair_signs(visitor, waiting, key):
    made = waiting(1)
    client = visitor(key)
    assert client.get("/desk/sign/").status_code == 403
    assert ask(client, made).status_code == 403
    assert client.get("/desk/signing/").status_code == 403
    assert not ProcrastinateJob.objects.filter(task_name="dossiers.sign").exists()


def test_another_communes_dossier_is_not_signed(visitor, waiting):
    (made,) = waiting(1)
    Dossier.objects.filter(pk=made.pk).update(agency=given.BAC_HA)
    assert "Hãy chọn ít nhất một kết quả để ký." in ask(visitor("lua"), [made]).content.decode()


def test_rubbish_is_nobodys_dossier(visitor, waiting):
    waiting(1)
    answer = visitor("lua").post("/desk/sign/", {"dossier": ["x", "1", "'; --"]}, follow=True)
    assert "Hãy chọn ít nhất một kết quả để ký." in answer.content.decode()


def test_the_list_asks_as_much_for_one_as_for_many(visitor, waiting):
    client = visitor("lua")
    counts = []
    for more in (1, 4):
        waiting(more)
        client.get("/desk/sign/")
        with CaptureQueriesContext(connection) as few:
            client.get("/desk/sign/")
        counts.append(len(few))
    assert counts[0] == counts[1] <= 12
