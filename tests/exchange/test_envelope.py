import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.exchange import envelope as envelopes
from motcua.exchange.canonical import Malformed, to_millisecond
from motcua.exchange.envelope import Attachment, Envelope, read
from motcua.exchange.ids import new_id
from motcua.lib import merkle

WHEN = datetime(2026, 11, 2, 8, 30, tzinfo=UTC)
PLAIN = Envelope(
    instance="vn",
    id=UUID("0193fa00-0000-7000-8000-000000000001"),
    kind="dossier.submitted",
    sender="G22",
    recipient="000.00.15.H38",
    created=WHEN,
    expires=WHEN + timedelta(days=30),
    body_digest=sha256(b"{}").digest(),
)

words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=60)
codes = st.from_regex(r"[A-Z0-9]{1,10}(\.[A-Z0-9]{1,10}){0,3}", fullmatch=True)
times = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)).map(to_millisecond)  # noqa: DTZ001
files = st.builds(
    Attachment,
    digest=st.binary(min_size=32, max_size=32).map(bytes.hex),
    size=st.integers(0, 2**53 - 1),
    media=st.sampled_from(["application/pdf", "image/png", "text/plain;charset=utf-8"]),
)


@st.composite
def some_envelopes(draw):
    created, stream = draw(times), draw(words)
    seq = draw(st.integers(2, 2**53 - 1)) if stream else 0
    return Envelope(
        instance=draw(words),
        id=new_id(),
        kind=draw(st.sampled_from(["a", "dossier.state", "x_1.y2"])),
        sender=draw(codes),
        recipient=draw(codes),
        created=created,
        expires=created + timedelta(milliseconds=draw(st.integers(1, 10**10))),
        body_digest=draw(st.binary(min_size=32, max_size=32)),
        stream=stream,
        seq=seq,
        previous=draw(st.sampled_from(["", "ab" * 32])) if stream else "",
        correlation=draw(words),
        content_type=draw(
            st.sampled_from(["application/json", "application/xml", "text/plain;charset=utf-8"])
        ),
        attachments=tuple(draw(st.lists(files, max_size=3))),
    )


@given(some_envelopes())
def test_what_is_written_is_read_back_the_same(envelope):
    assert read(envelope.text) == envelope


@given(some_envelopes())
def test_at_a_glance_and_in_detail_the_same_is_read(envelope):
    detailed = envelopes._in_detail(envelope.text)
    assert envelopes._at_a_glance(envelope.text) in (None, detailed)
    assert detailed == envelope


@given(some_envelopes(), st.data())
def test_what_is_read_at_a_glance_holds_in_detail(envelope, data):
    place = data.draw(st.integers(0, len(envelope.text) - 1))
    changed = bytearray(envelope.text)
    changed[place] = data.draw(st.sampled_from(list(b'0aZ",:{}[]\\ .-\x00\xc3')))
    glance = envelopes._at_a_glance(bytes(changed))
    assert glance is None or glance == envelopes._in_detail(bytes(changed))


def test_the_usual_message_is_read_at_a_glance():
    assert envelopes._at_a_glance(PLAIN.text) == PLAIN
    assert (
        envelopes._at_a_glance(replace(PLAIN, stream="hồ sơ 1").placed(2, "ab" * 32).text).stream == "hồ sơ 1"
    )


@given(some_envelopes())
def test_the_canonical_form_is_sorted_json_without_spaces(envelope):
    content = json.loads(envelope.text)
    expected = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert envelope.text == expected.encode()


@given(some_envelopes(), st.data())
def test_a_changed_byte_is_never_taken_for_the_same_envelope(envelope, data):
    place = data.draw(st.integers(0, len(envelope.text) - 1))
    changed = bytearray(envelope.text)
    changed[place] ^= data.draw(st.integers(1, 255))
    assert merkle.leaf(bytes(changed)) != merkle.leaf(envelope.text)
    with suppress(Malformed):
        assert read(bytes(changed)) != envelope


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.booleans() | st.floats() | words, st.lists).map(json.dumps)
)
def test_rubbish_is_malformed_and_nothing_worse(rubbish):
    with pytest.raises(Malformed):
        read(rubbish if isinstance(rubbish, bytes) else rubbish.encode())


def changed(**fields):
    content = json.loads(PLAIN.text) | fields
    content = {name: value for name, value in content.items() if value is not ...}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"sender": "h38"}, "message.sender: “h38” has another form; it must match [A-Z0-9]"),
        ({"recipient": ""}, "message.recipient: “” has another form"),
        ({"kind": "Dossier"}, "message.kind: “Dossier” has another form"),
        ({"kind": 5}, "message.kind: it is no plain text"),
        ({"stream": "a\nb", "seq": 1}, "message.stream: it is no plain text; write at most 120 characters"),
        ({"correlation": "x" * 121}, "message.correlation: it is no plain text"),
        ({"id": str(uuid4())}, "message.id: it is no UUID of version 7; take a new one"),
        ({"id": "1"}, "message.id: it is no UUID"),
        (
            {"created": "2026-11-02T08:30:00Z"},
            "message.created: it is no time; write it in UTC with milliseconds",
        ),
        ({"created": "2026-02-30T08:30:00.000Z"}, "message.created: it is no time"),
        ({"expires": "2026-11-02T08:30:00.000Z"}, "message.expires: it lies before created"),
        ({"content_digest": "sha-256=:AAAA:"}, "message.content_digest: it is no digest"),
        ({"content_digest": "md5=:" + "A" * 43 + "=:"}, "message.content_digest: it is no digest"),
        ({"content_type": "json"}, "message.content_type: “json” has another form"),
        ({"seq": 1}, "message.seq: it does not fit the stream"),
        ({"seq": -1}, "message.seq: it is no whole number"),
        ({"seq": True}, "message.seq: it is no whole number"),
        ({"seq": 1.5}, "number: 1.5 is not a whole number"),
        ({"stream": "s", "seq": 0}, "message.seq: it does not fit the stream"),
        (
            {"stream": "s", "seq": 1, "previous": "ab" * 32},
            "message.previous: the first of a stream has none before",
        ),
        ({"previous": "xy"}, "message.previous: “xy” has another form"),
        ({"attachments": {}}, "message.attachments: it is no list"),
        ({"attachments": [{"digest": "ab"}]}, "message.attachments[0]: it names no file"),
        (
            {"attachments": [{"digest": "ab", "media": "a/b", "size": 1}]},
            "message.attachments[0].digest: “ab” has another",
        ),
        ({"sender": ...}, "message.sender: the field is missing"),
        ({"extra": 1}, "message.extra: there is no such field; leave it out"),
        ({"type": "receipt"}, "message.type: this is no message of version 1"),
        ({"v": 2}, "message.type: this is no message of version 1"),
    ],
)
def test_what_does_not_hold_is_named_with_its_place_and_remedy(fields, says):
    with pytest.raises(Malformed) as malformed:
        read(changed(**fields))
    assert says in str(malformed.value)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN.text + b" ",
        PLAIN.text.replace(b'","kind"', b'", "kind"'),
        PLAIN.text.replace(b'{"attachments":[],', b'{"attachments":[],"attachments":[],'),
        PLAIN.text.replace(b"dossier.submitted", b"dossier.\\u0073ubmitted"),
        b'{"v":1,' + PLAIN.text[1:].replace(b',"v":1', b""),
    ],
)
def test_another_way_to_write_the_same_is_refused(text):
    with pytest.raises(Malformed, match="canonical"):
        read(text)


def test_what_people_give_us_is_checked_as_the_other_side_would():
    assert envelopes.check(PLAIN) == PLAIN
    with pytest.raises(Malformed, match=r"message\.sender"):
        envelopes.check(replace(PLAIN, sender='H38","recipient":"G22'))


def test_identifiers_sort_by_time_and_are_of_version_seven():
    made = [new_id() for _ in range(50)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert [one.int >> 80 for one in made] == sorted(one.int >> 80 for one in made)
    assert len(set(made)) == 50
