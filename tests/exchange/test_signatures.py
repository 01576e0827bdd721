import string
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureComponentResolver,
    HTTPSignatureKeyResolver,
    algorithms,
)
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange import signatures
from motcua.exchange.canonical import Malformed, hash_of
from motcua.exchange.signatures import Request, Unsigned, request_from, sign, signer
from motcua.lib.keys import FileKey

KEY = FileKey.generate()
NOW = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
URL = "http://127.0.0.1:8111/exchange/batches"
BODY = b"some messages"
REQUEST = Request("POST", URL, "application/vnd.motcua.parcel", hash_of(BODY))


def pem_of(key):
    return KEY.public_pem if key == KEY.key_id else None


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return KEY.public_pem.encode()

    def resolve_private_key(self, key_id):
        return KEY.private_pem


class Message:
    """A request as the other library wants to see it."""

    def __init__(self, headers):
        self.method, self.url, self.headers, self.body = "POST", URL, headers, BODY


def test_a_signed_request_names_its_key():
    assert signer(REQUEST, sign(REQUEST, KEY, NOW), pem_of, NOW) == KEY.key_id


def test_a_request_without_body_is_signed_over_method_and_address():
    request = Request("GET", URL)
    headers = sign(request, KEY, NOW)
    assert set(headers) == {"signature", "signature-input"}
    assert signer(request, headers, pem_of, NOW) == KEY.key_id


def test_another_library_verifies_what_we_sign():
    headers = sign(REQUEST, KEY, datetime.now(UTC))
    message = Message({name.title(): value for name, value in headers.items()})
    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.ECDSA_P256_SHA256,
        key_resolver=Keys(),
        component_resolver_class=HTTPSignatureComponentResolver,
    )
    results = verifier.verify(message, expect_tag=signatures.TAG)
    assert [result.parameters["keyid"] for result in results] == [KEY.key_id]


def test_we_verify_what_another_library_signs():
    headers = {
        "Content-Type": REQUEST.content_type,
        "Content-Digest": sign(REQUEST, KEY, NOW)["content-digest"],
    }
    message = Message(headers)
    HTTPMessageSigner(signature_algorithm=algorithms.ECDSA_P256_SHA256, key_resolver=Keys()).sign(
        message,
        key_id=KEY.key_id,
        created=NOW,
        expires=NOW + timedelta(seconds=60),
        nonce="abcdefghijklmnop",
        tag=signatures.TAG,
        label="motcua",
        covered_component_ids=("@method", "@target-uri", "content-type", "content-digest"),
        use_existing_digest=True,
    )
    lower = {name.lower(): value for name, value in message.headers.items()}
    assert signer(request_from("POST", URL, lower, BODY), lower, pem_of, NOW) == KEY.key_id


@given(st.sampled_from(["signature", "signature-input"]), st.data())
def test_a_changed_character_in_a_header_is_found(name, data):
    headers = sign(REQUEST, KEY, NOW)
    text = headers[name]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda character: character != text[place]))
    headers[name] = text[:place] + other + text[place + 1 :]
    with pytest.raises((Unsigned, Malformed)):
        signer(REQUEST, headers, pem_of, NOW)


def test_bits_that_mean_nothing_are_refused():
    headers = sign(REQUEST, KEY, NOW)
    last = headers["signature"].removesuffix("==:")
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
    headers["signature"] = last[:-1] + letters[letters.index(last[-1]) + 1] + "==:"
    with pytest.raises(Malformed, match="loose bits"):
        signer(REQUEST, headers, pem_of, NOW)


@pytest.mark.parametrize(
    "other",
    [
        Request("PUT", URL, REQUEST.content_type, REQUEST.body_digest),
        Request("POST", URL + "x", REQUEST.content_type, REQUEST.body_digest),
        Request("POST", URL, "text/plain", REQUEST.body_digest),
        Request("POST", URL, REQUEST.content_type, hash_of(b"other")),
        Request("POST", URL),
    ],
)
def test_a_signature_holds_for_one_request_only(other):
    with pytest.raises(Unsigned):
        signer(other, sign(REQUEST, KEY, NOW), pem_of, NOW)


def test_a_body_other_than_the_digest_is_refused():
    with pytest.raises(Unsigned, match="Content-Digest does not fit the body"):
        request_from("POST", URL, sign(REQUEST, KEY, NOW), BODY + b".")


def test_an_unknown_key_is_refused_with_what_to_do():
    with pytest.raises(Unsigned, match="is in no directory valid now; sign with a key of your node"):
        signer(REQUEST, sign(REQUEST, FileKey.generate(), NOW), pem_of, NOW)


@pytest.mark.parametrize(
    ("later", "says"),
    [(timedelta(seconds=301), "has expired"), (timedelta(seconds=-61), "made in the future; set the clock")],
)
def test_a_signature_holds_for_five_minutes(later, says):
    with pytest.raises(Unsigned, match=says):
        signer(REQUEST, sign(REQUEST, KEY, NOW), pem_of, NOW + later)


def test_a_clock_a_little_behind_is_no_reason_to_refuse():
    assert signer(REQUEST, sign(REQUEST, KEY, NOW), pem_of, NOW - timedelta(seconds=59)) == KEY.key_id


def test_without_signature_the_answer_says_what_to_sign():
    with pytest.raises(Unsigned, match=r'sign \("@method" "@target-uri" "content-type" "content-digest"\)'):
        signer(REQUEST, {}, pem_of, NOW)
