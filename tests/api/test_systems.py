"""The systems of an agency at the desk: who may look after them, secrets shown once, and what they were told sent again."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from motcua.api import actions
from motcua.api.models import Client, Delivery, Subscription
from motcua.journal.models import Entry
from motcua.lib.actions import Refused
from motcua.lib.actors import Actor
from tests import given
from tests.desk.conftest import visitor  # noqa: F401 — browsers of the demo's people

pytestmark = pytest.mark.django_db
SYSTEMS = reverse("api:systems")
HOOK = "https://phan-mem.example.vn/tin"


def new(**changes):
    return {
        "key": str(uuid4()),
        "agency": given.SA_PA,
        "name": "Phần mềm một cửa",
        "scopes": ["dossiers:read", "webhooks:manage"],
        "per_minute": "60",
    } | changes


def secret_of(answer):
    (found,) = re.findall(
        r"client_secret</dt><dd[^>]*>\s*<span class=\"code long\">([^<]+)", answer.content.decode()
    )
    return found


@pytest.fixture
def system(machine):
    return machine("dossiers:read").client


@pytest.fixture
def told(system):
    """A notice its address did not take."""
    address = Subscription.objects.create(client=system, url=HOOK, kinds=["dossier.accepted"])
    return Delivery.objects.create(
        subscription=address,
        entry=1,
        body={"type": "dossier.accepted"},
        state="failed",
        attempts=9,
        trouble="500",
    )


def test_a_system_is_let_in_once_and_its_secret_is_shown_once(visitor):  # noqa: F811
    given.country()
    browser, typed = visitor("thong"), new()
    made = browser.post(SYSTEMS, typed)
    client = Client.objects.get()
    secret = secret_of(made)
    assert client.secret == actions.clients.digest(secret)
    assert "no-store" in made["Cache-Control"]
    assert (client.agency, client.scopes, client.per_minute) == (given.SA_PA, typed["scopes"], 60)
    again = browser.post(SYSTEMS, typed)
    assert (again.status_code, Client.objects.count()) == (302, 1)
    page = reverse("api:system", args=[client.pk])
    for address in (SYSTEMS, page):
        shown = browser.get(address).content.decode()
        assert ("Phần mềm một cửa" in shown, secret in shown) == (True, False)
    above = Client(agency="H38", below=True, name="Nền tảng của tỉnh", scopes=["dossiers:read"])
    actions.register(above, by=given.SYSTEM)
    shown = browser.get(SYSTEMS)
    assert (shown.context["above"], "Nền tảng của tỉnh" in shown.content.decode()) == ([above], True)
    assert browser.get(reverse("api:system", args=[above.pk])).status_code == 404
    browser.post(reverse("api:change_system", args=[client.pk]), typed | {"below": "on"})
    client.refresh_from_db()
    assert (client.below, "và mọi cơ quan cấp dưới" in browser.get(page).content.decode()) == (True, True)
    renewing = reverse("api:renew_secret", args=[client.pk])
    renewed = secret_of(browser.post(renewing, {"generation": "1"}))
    assert renewed != secret
    assert browser.post(renewing, {"generation": "1"}).status_code == 302
    client.refresh_from_db()
    assert (client.secret, client.generation) == (actions.clients.digest(renewed), 2)
    happened = Entry.objects.filter(event__startswith="api.").order_by("pk")
    assert [(one.event, one.actor["name"]) for one in happened] == [
        ("api.ClientRegistered", given.BY_KEY["thong"].name),
        ("api.ClientRegistered", given.SYSTEM.name),
        ("api.ClientChanged", given.BY_KEY["thong"].name),
        ("api.SecretRenewed", given.BY_KEY["thong"].name),
    ]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scopes": []}, "Chọn ít nhất một quyền"),
        ({"scopes": ["everything"]}, "Chọn ít nhất một quyền"),
        ({"name": " "}, "Đặt tên cho hệ thống"),
        ({"agency": given.BAC_HA}, "Chọn cơ quan"),
        ({"per_minute": "0"}, "1"),
    ],
)
def test_what_does_not_hold_is_said_and_lets_nobody_in(visitor, changes, says):  # noqa: F811
    given.country()
    answer = visitor("thong").post(SYSTEMS, new(**changes))
    assert (answer.status_code, says in answer.content.decode(), Client.objects.count()) == (422, True, 0)


def test_only_administrators_of_the_agency_look_after_its_systems(visitor, told):  # noqa: F811
    given.country()
    system, page = told.subscription.client, reverse("api:system", args=[told.subscription.client.pk])
    looked = {
        key: visitor(key).get(page).status_code
        for key in ("", "may", "suong", "lua", "guong", "xep", "thong")
    }
    assert looked == {"": 302, "may": 403, "suong": 403, "lua": 403, "guong": 403, "xep": 404, "thong": 200}
    deeds = [
        reverse("api:change_system", args=[system.pk]),
        reverse("api:renew_secret", args=[system.pk]),
        reverse("api:stop_system", args=[system.pk]),
        reverse("api:subscribe", args=[system.pk]),
        reverse("api:end_subscription", args=[told.subscription_id]),
        reverse("api:enable_subscription", args=[told.subscription_id]),
        reverse("api:send_again", args=[told.pk]),
    ]
    for key, status in (("lua", 403), ("xep", 404)):
        browser = visitor(key)
        assert {browser.post(deed).status_code for deed in deeds} == {status}
    with pytest.raises(Refused):
        actions.change(system, by=given.actor("lua"), scopes=["dossiers:read"], per_minute=1)
    for deed in (actions.renew_secret, actions.end):
        with pytest.raises(Refused):
            deed(system, by=given.actor("lua"))


def test_rights_are_changed_and_a_token_may_do_no_more_than_they_say(visitor, machine):  # noqa: F811
    given.country()
    caller = machine("catalogue:read", "dossiers:read")
    assert caller.get("/dossiers").status_code == 200
    address = reverse("api:change_system", args=[caller.client.pk])
    answer = visitor("thong").post(address, {"scopes": ["catalogue:read"], "per_minute": "5"})
    assert answer.status_code == 302
    assert caller.get("/dossiers").status_code == 403
    caller.client.refresh_from_db()
    assert (caller.client.scopes, caller.client.per_minute) == (["catalogue:read"], 5)
    shown = visitor("thong").get(SYSTEMS).context["systems"]
    assert [(one["used"], one["called_at"] is not None) for one in shown] == [(2, True)]
    assert Entry.objects.of("api.ClientChanged").count() == 1
    visitor("thong").post(reverse("api:stop_system", args=[caller.client.pk]))
    assert caller.get("/procedures").status_code == 401


def test_an_address_is_added_with_its_secret_and_a_notice_is_sent_again(visitor, told):  # noqa: F811
    given.country()
    system, browser = told.subscription.client, visitor("thong")
    typed = {"key": str(uuid4()), "url": "https://khac.example.vn/tin", "kinds": ["dossier.finished"]}
    address = reverse("api:subscribe", args=[system.pk])
    assert "whsec_" in browser.post(address, typed).content.decode()
    assert browser.post(address, typed).status_code == 302
    assert browser.post(address, typed | {"key": str(uuid4()), "url": "ftp://x"}).status_code == 422
    assert Subscription.objects.of(system).count() == 2
    again = reverse("api:send_again", args=[told.pk])
    for _time in range(2):
        assert browser.post(again).status_code == 302
    told.refresh_from_db()
    assert (told.state, told.attempts, told.trouble) == ("waiting", 0, "")
    assert Entry.objects.of("api.DeliverySentAgain").count() == 1
    assert actions.tell([], by=Actor.system("api")) == 0
    browser.post(reverse("api:end_subscription", args=[told.subscription_id]))
    assert [one.url for one in Subscription.objects.of(system)] == [typed["url"]]


def test_the_pages_ask_as_often_for_one_as_for_many(visitor, machine, told, django_assert_max_num_queries):  # noqa: F811
    given.country()
    browser, page = visitor("thong"), reverse("api:system", args=[told.subscription.client.pk])
    for address in (SYSTEMS, page):
        browser.get(address)
    with django_assert_max_num_queries(12) as one:
        browser.get(SYSTEMS)
    with django_assert_max_num_queries(12) as single:
        browser.get(page)
    for number in range(12):
        machine("dossiers:read")
        Delivery.objects.create(
            subscription=told.subscription, entry=100 + number, body={"type": "dossier.accepted"}
        )
    with django_assert_max_num_queries(len(one)):
        browser.get(SYSTEMS)
    with django_assert_max_num_queries(len(single)):
        browser.get(page)
