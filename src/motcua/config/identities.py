"""Who is who in the demo country: the directory of its nodes, the certificates of its agencies and officers."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from motcua.demo.history.people import OFFICERS
from motcua.demo.nodes import NODES, RIGHTS, DemoNode
from motcua.demo.people import PEOPLE
from motcua.documents.authority import (
    LIFE_OF_CERTIFICATE,
    LIFE_OF_ROOT,
    Authority,
    Credential,
    Keyring,
    Validity,
)
from motcua.exchange.directory import Directory, Node, NodeKey, Right
from motcua.lib.keys import FileKey

LASTING = timedelta(days=3650)
PAST = timedelta(days=120)  # papers of the demo's past were signed then


def directory(keys: Mapping[str, FileKey], exchange_urls: Mapping[str, str]) -> Directory:
    """Who is a node, where, with which key, for which agencies; and who may send what to whom."""
    now = datetime.now(UTC)
    nodes = tuple(
        Node(
            name=node.name,
            title=node.title_vi,
            exchange_url=exchange_urls[node.name],
            keys=(valid(keys[node.name], now),),
            agencies=node.agencies,
        )
        for node in NODES
    )
    rights = tuple(Right(sender=one, kind=kind, recipient=other) for one, kind, other in RIGHTS)
    return Directory(
        instance="VN-DEMO",
        version=int(now.timestamp()),
        issued=now,
        expires=now + LASTING,
        nodes=nodes,
        rights=rights,
    )


def valid(key: FileKey, now: datetime) -> NodeKey:
    """A node's key as the directory lists it."""
    return NodeKey(id=key.key_id, pem=key.public_pem, from_=now - PAST, to=now + LASTING)


def make_certificates(home: Path) -> None:
    """Seals for the agencies and signatures for those who sign, all trusted at every node."""
    since = datetime.now(UTC) - PAST
    authority = Authority.founded(
        "Chứng thực trình diễn Một Cửa", validity=Validity.lasting(LIFE_OF_ROOT, start=since)
    )
    validity = Validity.lasting(LIFE_OF_CERTIFICATE, start=since)
    for node in NODES:
        ring = Keyring(home / node.name / "keys")
        ring.trust("demo", authority.credential.certificate)
        for code in node.agencies:
            ring.keep_seal(code, authority.seal(agency_title(code), code, validity=validity))
    for person in (*PEOPLE, *OFFICERS):
        for agency, role, title, _english in person.posts:
            if role in {"chair", "deputy", "receiver", "registrar"}:
                ring = Keyring(home / person.node / "keys")
                credential = authority.person(
                    person.name, title=title, agency=agency_title(agency), validity=validity
                )
                ring.keep_person(f"person:{person.account}", credential)
    kept = home / "authority.pem"
    kept.touch(mode=0o600)
    kept.write_bytes(authority.credential.pem())


def make_citizens(home: Path) -> None:
    """Keys of those who apply, kept by the demo's remote signing service at the national portal; made once."""
    ring = Keyring(home / NODES[0].name / "keys" / "remote")
    authority = Authority(Credential.from_pem((home / "authority.pem").read_bytes()))
    since = datetime.now(UTC) - timedelta(days=1)
    for person in PEOPLE:
        if (
            person.posts
            or not person.is_confirmed
            or (ring.root / "persons" / f"{person.number}.pem").exists()
        ):
            continue
        credential = authority.subscriber(
            person.name,
            f"CCCD:{person.number}",
            validity=Validity.lasting(LIFE_OF_CERTIFICATE, start=since),
        )
        ring.keep_person(person.number, credential)


def client(node: DemoNode, url: str) -> dict[str, object]:
    """A node of the state among the services that may ask who someone is; it needs nobody's consent."""
    return {
        "id": node.name,
        "title_vi": node.title_vi,
        "title_en": node.title_en,
        "redirect_uris": [f"{url}/account/identity/callback/"],
        "logout_uri": f"{url}/account/identity/logout/",
        "home_uri": f"{url}/",
        "scopes": ["openid", "profile", "personal_number"],
        "asks_consent": False,
    }


def share_secrets(home: Path) -> None:
    """One secret for each node that asks, known to it and to the node that keeps identities; and that of the signing service."""
    signing = home / NODES[0].name / "keys" / "signing.key"
    if not signing.exists():
        signing.touch(mode=0o600)
        signing.write_text(secrets.token_urlsafe(32), "ascii")
    for node in NODES[1:]:
        if (home / node.name / "keys" / "identity.key").exists():
            continue
        secret = secrets.token_urlsafe(32)
        for file in (
            home / NODES[0].name / "keys" / "clients" / f"{node.name}.key",
            home / node.name / "keys" / "identity.key",
        ):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secret, "ascii")


def agency_title(code: str) -> str:
    """The agency's name as its seal shows it, from the committed tables."""
    return TITLES.get(code, code)


TITLES = {
    "G22": "Văn phòng Chính phủ",
    "G15": "Bộ Tư pháp",
    "G01": "Bộ Công an",
    "G24": "Bảo hiểm xã hội Việt Nam",
    "G12": "Bộ Tài chính",
    "H38": "Ủy ban nhân dân tỉnh Lào Cai",
    "H38.03006": "Ủy ban nhân dân phường Sa Pa",
    "H38.02839": "Ủy ban nhân dân xã Bắc Hà",
    "H38.03037": "Ủy ban nhân dân xã Tả Van",
    "H38.02671": "Ủy ban nhân dân phường Cam Đường",
}
