"""Every page of signing in, of one's own account, and of those who watch over a node."""

from base64 import b64encode
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import Client

from motcua.demo import signer
from motcua.documents.authority import Authority, Keyring
from motcua.exchange.ids import new_id
from motcua.exchange.models import Peer
from motcua.notices import actions as notices
from motcua.notices.models import Contact
from motcua.payments import actions as payments
from motcua.payments.models import Charge
from motcua.people import actions
from tests import given
from tests.browser.looks import Look
from tests.oversight.test_oversight import KEY_OF_AUDITOR, heads, outgoing
from tests.people.test_vouching import QUESTION

PASSWORD = "mot-cua-ai-cung-vao"
PHONE = "Mozilla/5.0 (Linux; Android 15) Chrome/142.0 Mobile Safari/537.36"


def enter(browser, key):
    browser.post("/account/login/", {"login": given.account(key).username, "password": PASSWORD})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def accounts(visitor):
    """Mây has a second factor and two devices; Lạch has neither, and nobody has seen yet who she is."""
    for key in ("may", "doi", "lach"):
        actions.give_password(given.account(key), by=given.SYSTEM, password=PASSWORD)
    enter(Client(headers={"user-agent": PHONE}), "may")
    visitor.browsers |= {
        key: enter(Client(headers={"accept-language": "vi"}), key) for key in ("may", "lach")
    }
    asked = notices.ask_contact(
        Contact(account=given.account("lach"), channel="mail", value="x@motcua.invalid"),
        by=given.actor("lach"),
    )
    return [
        Look("account_home", "lach"),
        Look("account_change_password", "lach"),
        Look("account_reauthenticate", "lach"),
        Look("account_inactive"),
        Look("usersessions_list", "may"),
        Look("notices:contact", "may"),
        Look("notices:confirm", "lach", (asked.pk,)),
        *factors(visitor),
        *elsewhere(),
        *of_the_demo(visitor),
        *watching(),
    ]


def factors(visitor):
    """Mây signs in with a second factor; Đồi is just about to type his."""
    for key in ("may", "doi"):
        about = {"user": given.account(key)}
        Authenticator.objects.create(**about, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    Authenticator.objects.create(
        user=given.account("may"), type="recovery_codes", data={"seed": "x", "used_mask": 3}
    )
    key = Authenticator.objects.create(
        user=given.account("may"), type="webauthn", data={"name": "Điện thoại", "credential": {}}
    )
    visitor.browsers["doi"] = enter(Client(headers={"accept-language": "vi"}), "doi")
    return [
        Look("mfa_authenticate", "doi"),
        Look("mfa_index", "may"),
        Look("mfa_index", "lach"),
        Look("mfa_activate_totp", "lach"),
        Look("mfa_deactivate_totp", "may"),
        Look("mfa_reauthenticate", "may"),
        Look("mfa_view_recovery_codes", "may"),
        Look("mfa_generate_recovery_codes", "may"),
        Look("mfa_list_webauthn", "may"),
        Look("mfa_list_webauthn", "lach"),
        Look("mfa_add_webauthn", "lach"),
        Look("mfa_edit_webauthn", "may", (key.pk,)),
        Look("mfa_remove_webauthn", "may", (key.pk,)),
    ]


def elsewhere():
    """Another service asks who somebody is."""
    return [
        Look("account_login", query="way=password"),
        Look("idp:oidc:authorization", "lach", (), urlencode(QUESTION)),
        Look("idp:oidc:authorization", "lach", (), urlencode(QUESTION | {"acr_values": "LoA2"}), 403),
        Look("idp:oidc:authorization", "lach", (), urlencode(QUESTION | {"client_id": "x"}), 400),
        Look("idp:oidc:logout", "lach"),
        Look("identity_begin", "", (), "", 403),
    ]


def of_the_demo(visitor):
    """Its signing service asks for the second factor, its bank for money; a mail it sent."""
    may = given.BY_KEY["may"]
    authority = Authority.founded("Chứng thực thử")
    ring = Keyring(settings.KEYS / "remote")
    ring.keep_person(may.number, authority.subscriber(may.name, f"CCCD:{may.number}"))
    asked = {"number": may.number, "digest": b64encode(bytes(32)).decode(), "words": "Tờ khai", "back": "/"}
    charge = payments.raise_charge(
        Charge(subject="dossier:1", payee=given.SA_PA, payer=may.name, what="Lệ phí", amount=8000),
        by=given.SYSTEM,
    )
    there = visitor().post(f"/pay/{charge.pk}/start/")["Location"]
    settings.MAIL.mkdir()
    (settings.MAIL / "1.log").write_text("Subject: Hồ sơ\n\nĐã tiếp nhận.\n")
    return [
        Look("demo_sign_in"),
        Look("demo_signing", "", (signer.answer("start", asked)["transaction"],)),
        Look("demo_gateway", query=there.partition("?")[2]),
        Look("demo_ledger"),
        Look("demo_mails"),
        Look("demo_mail", "", ("1.log",)),
    ]


def watching():
    """The journal's heads, a node that does not answer, a message that could not be delivered."""
    heads(1)
    Peer.objects.create(name="bhxh", agencies=["G24"], failures=3, last_error="502")
    outgoing(state="dead", reason="502")
    started = new_id()
    outgoing(id=new_id(), kind="exchange.selftest", recipient="G24", correlation=str(started))
    about = given.application().urn
    return [
        Look("oversight:integrity", KEY_OF_AUDITOR),
        Look("oversight:timeline", KEY_OF_AUDITOR, query=urlencode({"about": about})),
        Look("oversight:peers", KEY_OF_AUDITOR),
        Look("oversight:trial", KEY_OF_AUDITOR, (started,)),
    ]
