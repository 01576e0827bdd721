"""Machines are told of what they asked for: signed, once by its id, never inside our walls."""

import base64
import hashlib
import hmac
import json
import time
from uuid import UUID

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from motcua.api import actions, targets, tasks
from motcua.api.models import Delivery, Subscription
from motcua.api.scopes import Scope
from motcua.demo.nodes import BAC_HA
from motcua.journal import followers
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.keys import MemoryKey
from motcua.notices.models import Notice
from tests import given
from tests.api.listening import Listening
from tests.api.test_door import problem
from tests.api.test_dossiers import brought
from tests.sealed import seal_all

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def listening():
    one = Listening()
    yield one
    one.close()


def ask(desk, listening, *kinds, **more):
    answer = desk.post("/subscriptions", {"url": listening.url, "kinds": list(kinds)}, **more)
    assert answer.status_code == 201, answer.content
    return answer.json()


def tell():
    """The follower reads what there is, as it does when the journal is sealed."""
    seen = Delivery.objects.values_list("entry", flat=True)
    entries = list(Entry.objects.exclude(pk__in=seen).order_by("pk"))
    return actions.tell(entries, by=given.SYSTEM)


def send():
    """Run the jobs that send, whatever their pause; return how many there were."""
    jobs = list(ProcrastinateJob.objects.filter(task_name="api.deliver", status="todo").order_by("id"))
    for job in jobs:
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
        tasks.deliver(**job.args)
    return len(jobs)


def proves(secret, headers, body):
    """As a machine checks it that follows Standard Webhooks."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return hmac.compare_digest(wanted, headers["webhook-signature"])


def test_a_machine_is_told_signed_and_without_anything_about_persons(desk, listening):
    made = ask(desk, listening, "dossier.arrived", "dossier.accepted")
    line = brought(desk)
    accepted = desk.post(f"/dossiers/{line['id']}/accept", {}).json()
    assert tell() == 2
    assert send() == 2
    assert listening.kinds == ["dossier.arrived", "dossier.accepted"]
    headers, body = listening.heard[1]
    assert proves(made["secret"], headers, body)
    assert not proves(made["secret"], headers, body + b" ")
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    data = json.loads(body)["data"]
    assert (data["dossier"], data["code"], data["state"]) == (line["id"], accepted["code"], 2)
    assert accepted["applicant_name"] not in body.decode()
    assert set(Delivery.objects.values_list("state", "attempts")) == {("delivered", 1)}
    assert (tell(), send()) == (0, 0)


def test_the_follower_tells_what_was_sealed_once(desk, listening):
    ask(desk, listening, "dossier.arrived")
    brought(desk)
    entries = list(Entry.objects.order_by("pk"))
    followers.FOLLOWERS["api.notices"](entries)
    followers.FOLLOWERS["api.notices"](entries)
    assert Delivery.objects.count() == 1


def test_only_what_was_asked_for_at_the_own_agency_and_from_then_on_is_told(desk, machine, listening):
    brought(desk)
    ask(desk, listening, "dossier.accepted")
    ask(machine(Scope.WEBHOOKS, agency=BAC_HA), listening, "dossier.arrived")
    brought(desk)
    assert tell() == 0
    late = ask(desk, listening, "dossier.arrived")
    of_province = ask(machine(Scope.WEBHOOKS, agency="H38", below=True), listening, "dossier.arrived")
    ask(machine(Scope.WEBHOOKS, agency="H38"), listening, "dossier.arrived")
    assert tell() == 0
    brought(desk)
    assert tell() == 2
    told = {str(one.subscription_id) for one in Delivery.objects.all()}
    assert told == {late["id"], of_province["id"]}


def test_what_fails_is_sent_again_under_the_same_id_after_growing_pauses_then_given_up(desk, listening):
    listening.status = 503
    ask(desk, listening, "dossier.arrived")
    brought(desk)
    tell()
    pauses = []
    while send():
        waiting = ProcrastinateJob.objects.filter(task_name="api.deliver").first()
        pauses += [waiting.scheduled_at] if waiting else []
    assert pauses == sorted(pauses)
    assert len({headers["webhook-id"] for headers, _body in listening.heard}) == 1
    assert (len(listening.heard), Delivery.objects.get().state) == (len(actions.telling.PAUSES) + 1, "failed")
    assert Delivery.objects.get().trouble == "HTTP 503"


def test_who_never_answers_is_told_no_more_until_turned_on_again(desk, listening):
    given.account("thong")
    listening.status = 500
    made = ask(desk, listening, "dossier.arrived")
    Subscription.objects.update(failures=actions.telling.MOST_FAILURES - 1)
    line = brought(desk)
    tell()
    Delivery.objects.update(attempts=actions.telling.FORGIVEN)
    send()
    shown = desk.get("/subscriptions").json()["items"][0]
    assert (shown["is_disabled"], shown["waiting"]) == (True, 1)
    from tests.post import settle

    settle()
    notice = Notice.objects.get(code="api.unreached")
    assert (notice.recipient, notice.parameters["trouble"]) == (given.account("thong"), "HTTP 500")
    assert tell() == 0
    listening.status, heard = 204, len(listening.heard)
    send()
    assert len(listening.heard) == heard
    assert desk.post(f"/subscriptions/{made['id']}/enable", {}).json()["is_disabled"] is False
    send()
    assert json.loads(listening.heard[-1][1])["data"]["dossier"] == line["id"]
    assert Subscription.objects.get().failures == 0


def test_a_subscription_is_made_once_and_ended(desk, machine, listening):
    key = "subscribe-once"
    one, again = (
        ask(desk, listening, "dossier.arrived", key=key),
        ask(desk, listening, "dossier.arrived", key=key),
    )
    assert one == again
    stranger = machine(Scope.WEBHOOKS, agency=BAC_HA)
    problem(stranger.call("DELETE", f"/subscriptions/{one['id']}"), 404)
    assert desk.call("DELETE", f"/subscriptions/{one['id']}").status_code == 204
    assert desk.get("/subscriptions").json() == {"items": []}
    brought(desk)
    assert tell() == 0
    ended = Subscription.objects.get(pk=UUID(one["id"]))
    with pytest.raises(Refused):
        actions.unsubscribe(ended, by=stranger_actor(stranger))


def stranger_actor(machine):
    from motcua.api.models import actor_of

    return actor_of(machine.client, Scope.WEBHOOKS)


def test_nobody_is_led_on_and_nothing_inside_is_spoken_to(desk, listening, settings):
    inner = Listening()
    listening.status, listening.leads_to = 307, inner.url
    ask(desk, listening, "dossier.arrived")
    brought(desk)
    tell()
    send()
    inner.close()
    assert (Delivery.objects.get().trouble, inner.heard) == ("HTTP 307", [])
    for url in ("http://example.vn/", "https://10.0.0.8/", "https://user@example.vn/x", "https://[::1]:0/x"):
        problem(desk.post("/subscriptions", {"url": url, "kinds": ["dossier.arrived"]}), 422)
    settings.NODE = settings.NODE.model_copy(update={"demo": False})
    send()
    assert "https://" in Delivery.objects.get().trouble


@pytest.mark.parametrize(
    ("url", "demo", "private"),
    [
        ("http://127.0.0.1/", False, True),
        ("https://127.0.0.1/", False, True),
        ("https://[::ffff:127.0.0.1]/", False, True),
        ("https://0.0.0.0/", False, True),
        ("https://169.254.169.254/latest", False, True),
        ("https://192.168.1.4/", False, False),
        ("https://100.64.0.1/", False, False),
        ("https://[fd00::1]/", True, False),
        ("https://[2130706433", False, False),
        ("ftp://example.vn/", True, True),
        ("https:///nowhere", True, True),
        ("https://example.vn/#part", True, True),
    ],
)
def test_addresses_inside_are_refused(url, demo, private):
    node = settings.NODE.model_copy(update={"demo": demo, "webhooks_private": private})
    with pytest.raises(targets.Forbidden):
        targets.resolved(url, node=node)


def test_addresses_outside_are_spoken_to_and_those_inside_where_the_operator_says_so():
    node = settings.NODE.model_copy(update={"demo": False, "webhooks_private": True})
    assert targets.resolved("https://203.113.131.1:8443/x", node=node) == "203.113.131.1"
    assert targets.resolved("https://192.168.1.4/", node=node) == "192.168.1.4"
    loopback = settings.NODE.model_copy(update={"demo": True})
    assert targets.resolved("http://127.0.0.1:8000/", node=loopback) == "127.0.0.1"


def test_sealed_entries_reach_the_follower_in_order(transactional_db, machine, listening):
    given.country()
    given.procedure(given.COPY)
    one = machine(*Scope)
    ask(one, listening, "dossier.arrived")
    line = brought(one)
    seal_all(MemoryKey())
    followers.catch_up("api.notices")
    assert Delivery.objects.get().body["data"]["dossier"] == line["id"]
