"""Taking in what another node sends: every claim is checked before anything is written."""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from motcua.exchange import envelope as envelopes
from motcua.exchange.archive import Entry
from motcua.exchange.blocks import Unreadable
from motcua.exchange.canonical import Malformed, hash_of, written
from motcua.exchange.directory import Node
from motcua.exchange.envelope import Envelope
from motcua.exchange.evidence import SignedHead
from motcua.exchange.filing import LARGEST, expect
from motcua.exchange.group import Commit
from motcua.exchange.ids import new_id
from motcua.exchange.messages import HANDLED, SELFTEST
from motcua.exchange.parcel import Item, Parcel, unpacked
from motcua.exchange.problems import Problem
from motcua.exchange.receiving import Arrival, Receiving, Verdict
from motcua.exchange.signatures import SKEW
from motcua.exchange.station import Station

logger = logging.getLogger(__name__)

UNGRANTED = frozenset({HANDLED, SELFTEST})  # whoever is a node may send these
AHEAD = timedelta(days=1)  # so far in the future a message is waited for; a wrong time zone is less
FROM_THE_FUTURE = "The message was created in the future"


@dataclass(frozen=True)
class Held:
    """A message that is not taken now: it may be sent again when what is missing is there."""

    status: int
    detail: str
    missing: tuple[str, ...] = ()


async def take(station: Station, peer: Node, content: bytes) -> tuple[int, bytes]:
    """Receive a parcel; return status and body of the answer, made after everything is durable."""
    parcel = opened(station, peer, content)
    examined = [examine(station, peer, parcel, item) for item in parcel.items]
    arrivals = [one for one in examined if isinstance(one, Arrival)]
    receiving = Receiving(station.name, peer.name, new_id(), arrivals, parcel.heads.values())
    commit = await station.log.write(receiving)
    station.archive.remember(commit)
    verdicts = iter(receiving.verdicts)
    settled = [next(verdicts) if isinstance(one, Arrival) else one for one in examined]
    return await _answer(station, commit, settled)


def opened(station: Station, peer: Node, content: bytes) -> Parcel:
    """The parcel, if it can be read and its heads are the peer's; otherwise a Problem, logged."""
    try:
        parcel = unpacked(content)
        for signed in parcel.heads.values():
            vouched(signed, peer, station.now())
    except Malformed as error:
        station.refuse(peer.name, "parcel", 400, str(error), digest=hash_of(content).hex())
        raise Problem(400, str(error)) from error
    return parcel


def vouched(signed: SignedHead, peer: Node, now: datetime) -> None:
    """Whether the head is the peer's own and to be believed; Malformed if not. When it was made the head says itself, and who
    stole a key says what helps: so the key must be valid now, or the head be signed again by one that is.
    """
    owned(signed, peer)
    valid = peer.keys_at(now)
    if signed.head.key not in valid and not signed.is_renewed_by(valid):
        raise Malformed(
            "head.key", f"{signed.head.key} may not sign now", "sign the head again with a key that may"
        )


def owned(signed: SignedHead, node: Node) -> None:
    """Whether the node signed the head, with whichever of its keys; Malformed if not."""
    if signed.head.node != node.name:
        raise Malformed(
            "head.node", f"{signed.head.node} is not {node.name}, who sent it", "send only your own heads"
        )
    if not signed.is_signed_by(node.public_keys):
        raise Malformed("head.signature", "it does not hold", "sign the head with the key it names")


def believed(signed: SignedHead, node: Node, now: datetime) -> bool:
    """Whether a head of the node that others bring is still its word: not if the key was lost since, for then whoever found it
    can have signed the head, unless one that is valid now signed it again.
    """
    lost = {key.id for key in node.keys if key.revoked_at is not None and key.revoked_at <= now}
    return signed.head.key not in lost or signed.is_renewed_by(node.keys_at(now))


def examine(
    station: Station, peer: Node, parcel: Parcel, item: Item, *, call: bool = False
) -> Arrival | Held:
    """One message: what it says, whether it is what was signed, and whether it may be taken."""
    try:
        envelope = proven(parcel, item)
    except Malformed as error:
        station.refuse(peer.name, "message", 400, str(error), digest=hash_of(item.text).hex())
        return Held(400, str(error))
    if envelope.recipient not in station.agencies:
        here = f"version {station.directory.version} of the directory, which is known here"
        return Held(421, f"{envelope.recipient} is not hosted by {station.name}, says {here}.")
    why_not = refused(station, peer, envelope, call=call) or _burdened(envelope, item)
    if why_not and not station.refusals.has_room(peer.name):
        return Held(
            429, "Too much had to be refused of what you sent; look at the receipts, then send the rest."
        )
    # Only for a message that is to be taken: nobody else's files are waited for.
    held = None if why_not else _early(station, envelope) or _lacking(station, peer, envelope, item)
    return held or Arrival(envelope, item, why_not, call=call)


def proven(parcel: Parcel, item: Item) -> Envelope:
    """The envelope, if it stands under its head and fits the body; Malformed if not."""
    envelope = envelopes.read(item.text)
    signed = parcel.heads.get(item.place.head)
    if signed is None or not item.place.holds(item.text, signed.head):
        raise Malformed(
            "message.proof", f"{envelope.id} does not stand under its head", "send what was logged and signed"
        )
    if item.body is not None and hash_of(item.body) != envelope.body_digest:
        raise Malformed(
            "message.content_digest", f"the body of {envelope.id} is another", "send the body that was signed"
        )
    return envelope


def _early(station: Station, envelope: Envelope) -> Held | None:
    """Whether the message was made by a clock that was ahead: what is true of it will be so in a while, and nothing is lost."""
    if envelope.created <= station.now() + SKEW:
        return None
    return Held(503, f"{FROM_THE_FUTURE}; it is taken when it is {written(envelope.created)}.")


def _lacking(station: Station, peer: Node, envelope: Envelope, item: Item) -> Held | None:
    """Which files must come before this message can be taken; its sender may bring them from now on."""
    digests = [one.digest for one in envelope.attachments]
    if item.body is None:
        digests.append(envelope.body_digest.hex())
    missing = tuple(digest for digest in digests if not station.files.renew(digest))
    if missing:
        expect(station.files, peer.name, missing)
        return Held(
            424,
            "Files are missing; send each with PUT /exchange/files/DIGEST/START/SIZE, then the message again.",
            missing,
        )
    return None


def refused(
    station: Station, peer: Node, envelope: Envelope, *, call: bool = False, given_back: bool = False
) -> str:
    """Why the message is refused for good, or nothing; what was received before and is given back may have expired since, and
    nobody waits with a call for a clock.
    """
    host = station.directory.hosts.get(envelope.sender)
    now = station.now()
    if envelope.instance != station.directory.instance:
        return f"The message belongs to {envelope.instance}, not to {station.directory.instance}."
    if host is None or host.name != peer.name:
        return f"{envelope.sender} is not hosted by {peer.name}, which signed the message."
    if envelope.created > now + (SKEW if call else AHEAD):
        return f"{FROM_THE_FUTURE}; set the clock of your node."
    if envelope.expires <= now and not given_back:
        return "The message had expired before it arrived."
    # Word of how a message was handled goes back to whoever was allowed to send it; a trial has no effect.
    if envelope.kind not in UNGRANTED and not station.directory.may(
        envelope.sender, envelope.kind, envelope.recipient
    ):
        return f"{envelope.sender} has no right to send {envelope.kind} to {envelope.recipient}."
    return ""


def _burdened(envelope: Envelope, item: Item) -> str:
    """Why its files are not waited for, or nothing."""
    if envelope.kind in UNGRANTED and (envelope.attachments or item.body is None):
        return f"{envelope.kind} goes without files."
    if any(one.size > LARGEST for one in envelope.attachments):
        return f"One of its files is larger than {LARGEST} bytes, and cannot be brought."
    return ""


async def _answer(station: Station, commit: Commit, settled: Sequence[Verdict | Held]) -> tuple[int, bytes]:
    """Status and body: a receipt for each message, with its proof, and the heads they stand under."""
    old, unread = await _given_before(
        station, [one.leaf for one in settled if isinstance(one, Verdict) and one.leaf >= 0]
    )
    heads = {commit.number: commit.head} if commit.levels else {}
    heads |= {entry.head.head.number: entry.head for entry in old.values()}
    lines: list[dict[str, Any]] = []
    for one in settled:
        line: dict[str, Any] = {"status": one.status, "detail": one.detail}
        if isinstance(one, Held):
            line["missing"] = one.missing
        elif one.resend:
            line["resend"] = one.resend
        elif one.index >= 0:
            line |= {"receipt": one.receipt.decode(), **commit.place(one.index).as_json()}
        elif one.leaf in unread:
            line = {"status": 503, "detail": f"The receipt cannot be given again now. {unread[one.leaf]}"}
        elif one.leaf >= 0:
            line |= {"receipt": old[one.leaf].text.decode(), **old[one.leaf].place.as_json()}
        lines.append(line)
    body = json.dumps({"heads": [head.as_json() for head in heads.values()], "verdicts": lines}).encode()
    statuses = {line["status"] for line in lines}
    single = statuses.pop() if len(statuses) == 1 else 200
    return (single if single >= 400 else 200), body


async def _given_before(
    station: Station, leaves: Sequence[int]
) -> tuple[Mapping[int, Entry], Mapping[int, Unreadable]]:
    """Receipts that were given before, and of those that cannot be read why not: one month's file keeps nobody else waiting."""
    found: dict[int, Entry] = {}
    unread: dict[int, Unreadable] = {}
    try:
        found |= await station.archive.entries(leaves)
    except Unreadable:
        for leaf in leaves:
            try:
                found |= await station.archive.entries([leaf])
            except Unreadable as error:
                logger.error("A receipt cannot be given again: %s", error)  # noqa: TRY400 — its words suffice
                unread[leaf] = error
    return found, unread
