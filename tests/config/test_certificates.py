"""motcua certificates: seals, signatures and trusted authorities of a node."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from motcua.documents.authority import Authority, Keyring
from motcua.documents.models import keyring
from tests import given

pytestmark = pytest.mark.django_db


def certificates(*words):
    said = io.StringIO()
    with translation.override("en"):
        call_command("certificates", *map(str, words), stdout=said)
    return said.getvalue().splitlines()


def test_trial_certificates_are_made_once_for_agencies_and_those_who_sign():
    given.account("lua")
    assert certificates("trial") == [
        "seal of Ủy ban nhân dân tỉnh Lào Cai",
        "seal of Ủy ban nhân dân phường Sa Pa",
        "signature of Vũ Thị Lúa",
    ]
    assert certificates("trial") == []
    ring = keyring()
    assert (ring.seal(given.SA_PA).name, ring.person(given.actor("lua").urn).name) == (
        "Ủy ban nhân dân phường Sa Pa",
        "Vũ Thị Lúa",
    )
    assert len(ring.trusted()) == 1


def test_certificates_of_a_real_authority_are_kept_and_trusted(tmp_path):
    person = given.account("lua")
    authority = Authority.founded("National")
    seal, signature, root = (tmp_path / name for name in ("seal.pem", "person.pem", "root.pem"))
    seal.write_bytes(authority.seal("Sa Pa", given.SA_PA).pem())
    signature.write_bytes(authority.person(person.name, title="Chair", agency="Sa Pa").pem())
    root.write_bytes(authority.credential.pem())
    certificates("trust", "national", root)
    certificates("seal", given.SA_PA, seal)
    certificates("person", person.username, signature)
    ring = keyring()
    assert (ring.seal(given.SA_PA).name, ring.person(person.urn).name) == ("Sa Pa", person.name)
    assert [line.partition(":")[0] for line in certificates("list")] == [
        "trusted/national",
        f"seals/{given.SA_PA}",
        f"persons/{person.pk}",
    ]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("seal", "H99", "x.pem"), "This node does not host H99"),
        (("person", "000000000000", "x.pem"), "no account with this personal number"),
        (("trust", "../out", "x.pem"), "cannot be the name of a file"),
        (("seal", given.SA_PA, "x.pem"), "Unable to load PEM file"),
        (("seal", given.SA_PA, "none.pem"), "No such file"),
    ],
)
def test_what_cannot_be_kept_says_why(tmp_path, monkeypatch, words, answer):
    monkeypatch.chdir(tmp_path)
    given.agency()
    (tmp_path / "x.pem").write_bytes(
        Authority.founded("National").credential.pem() if words[0] == "trust" else b"nothing"
    )
    what, name, file = words
    with pytest.raises(CommandError, match=answer):
        certificates(what, name, file)
    assert list(Keyring(tmp_path / "keys").trusted()) == []
