"""One byte is changed where it lies: whoever looks is told, and where."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from motcua.demo.browser import Browser
from motcua.documents import signing
from motcua.documents.authority import Authority, Credential, Validity
from tests.country.command import motcua
from tests.country.land import until
from tests.documents import samples


def test_one_changed_byte_of_the_journal_is_named_with_its_place(land):
    hand = land.at("bhxh")
    until(lambda: hand.do("unsealed") == 0)
    assert motcua(land, "journal", "verify", node="bhxh").returncode == 0
    changed = hand.do("tamper", event="people.AccountOpened")
    try:
        told = motcua(land, "journal", "verify", node="bhxh")
    finally:
        hand.do("mend", entry=changed["entry"], about=changed["about"])
    assert told.returncode == 1
    assert f"{changed['place']}" in told.stderr
    assert hand.do("journal") is None


@pytest.fixture(scope="module")
def certificate(country):
    """The signed birth certificate of a story that has ended."""
    story = country.story(at="proposed")
    story.finish()
    return Path(country.at("laocai").do("certificate", dossier=story.id)["file"])


def test_the_signed_certificate_stands(land, certificate):
    assert checked(land, certificate.read_bytes()) == "A genuine paper"


def test_one_changed_byte_of_the_signed_certificate_is_found(land, certificate):
    changed = bytearray(certificate.read_bytes())
    changed[changed.index(b"/MediaBox") + 12] ^= 1
    assert checked(land, bytes(changed)) == "The content was changed after signing"


def test_a_certificate_signed_by_an_unknown_authority_does_not_count(land):
    stranger = Authority.founded("Tổ chức lạ").person("Vũ Thị Lúa", title="Chủ tịch", agency=samples.AGENCY)
    at = stranger.certificate.not_valid_before_utc + timedelta(hours=1)
    assert checked(land, signing.sign_personal(samples.PAPER, stranger, at=at)) == "We do not know who signed"


def test_a_certificate_signed_with_an_expired_certificate_does_not_count(land):
    authority = Authority(Credential.from_pem((land.home / "authority.pem").read_bytes()))
    now = datetime.now(UTC)
    past = Validity(now - timedelta(days=30), now - timedelta(days=1))
    old = authority.person("Vũ Thị Lúa", title="Chủ tịch", agency=samples.AGENCY, validity=past)
    assert (
        checked(land, signing.sign_personal(samples.PAPER, old, at=now))
        == "Signed with an expired certificate"
    )


def checked(land, pdf):
    """The verdict of the page on which anyone checks a paper."""
    browser = Browser(land.url("laocai"), language="en")
    with browser.client:
        browser.open("/verify/")
        return browser.submit(has="file", files={"file": ("giay.pdf", pdf, "application/pdf")}).heading
