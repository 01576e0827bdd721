"""Anyone's program asks whether a signed file holds: the verdict of the public page, with codes that can be counted."""

import pytest
from django.test import Client

from motcua.documents.models import keyring
from tests.documents import samples


def asked(content, media="application/pdf"):
    return Client().post("/api/v1/verifications", content, content_type=media)


def test_a_verdict_has_codes_words_and_the_rule(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    found = asked(samples.SIGNED).json()
    assert (found["stands"], found["faults"], found["message"]) == (True, [], None)
    assert [(one["who"], one["role"], one["stands"]) for one in found["signatures"]] == [
        ("Phạm Quốc Khánh", "personal", True)
    ]
    assert [(one["code"], one["who"]) for one in found["breaches"]] == [("seal_missing", "Phạm Quốc Khánh")]
    assert found["breaches"][0]["rule"] == "Nghị định 30/2020/NĐ-CP, Điều 5"


def test_both_signatures_with_nothing_to_say(db):
    keyring().trust("elsewhere", samples.ROOTS[0])
    found = asked(samples.SEALED).json()
    assert (found["stands"], found["breaches"], [one["role"] for one in found["signatures"]]) == (
        True,
        [],
        ["personal", "agency"],
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"rubbish", "not_pdf"),
        (samples.PAPER, "unsigned"),
        (samples.SEALED[:-2000], "broken"),
        (b"<edXML>", "no_message"),
    ],
)
def test_rubbish_gets_a_verdict(db, content, code):
    found = asked(content)
    assert (found.status_code, [one["code"] for one in found.json()["faults"]]) == (200, [code])


def test_what_is_too_large_is_told_so(db):
    assert asked(b"%PDF-" + b"0" * (10 * 1024 * 1024 + 1)).status_code == 413
    assert asked(b"x", "text/plain").status_code == 415
