"""One node's settings: a single TOML file in the node's home, typed and checked when read."""

import json
import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from motcua.demo.nodes import NODES

type Context = Literal[
    "portal",
    "desk",
    "api",
    "tracking",
    "indicators",
    "oversight",
    "population",
    "civil",
    "insurance",
    "business",
]

HOME = "MOTCUA_HOME"


# Who someone is goes over the network in the open nowhere but on one's own machine.
ISSUER = r"^(https://[^\s/?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?)(/[^\s?#]*[^\s/?#])?$"


class IdentityClient(BaseModel):
    """A service that may ask this node who someone is (OpenID Connect); its secret is in keys/clients/ID.key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,60}$")]
    title_vi: str
    title_en: str
    redirect_uris: tuple[str, ...]
    logout_uri: str = ""
    home_uri: str = ""
    scopes: tuple[str, ...] = ("openid", "profile")
    asks_consent: bool = True


class Node(BaseModel):
    """What an operator says of a node in `node.toml`; every field is described in docs/guide/operator.md."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$", description="Short name of the node in the directory.")
    ]
    title_vi: Annotated[str, Field(description="Name of the node as Vietnamese pages show it.")]
    title_en: Annotated[str, Field(description="Name of the node as English pages show it.")]
    database: Annotated[str, Field(description="Address of the node's PostgreSQL database (libpq URI).")]
    secret: Annotated[
        str, Field(min_length=32, description="Random secret of the node; signs sessions and inner calls.")
    ]
    web_url: Annotated[str, Field(description="Public address of the pages, without a slash at the end.")] = (
        "http://127.0.0.1:8000"
    )
    web_port: Annotated[int, Field(ge=1, le=65535, description="Port on which pages are served.")] = 8000
    web_workers: Annotated[
        int, Field(ge=1, le=64, description="Processes that serve pages; as many as the machine has cores.")
    ] = 2
    exchange_port: Annotated[
        int, Field(ge=1, le=65535, description="Port on which other nodes are answered.")
    ] = 8100
    exchange_tls_port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            description="Port at which nodes come with certificates (mutual TLS, keys/tls.pem); 0 where a proxy does it.",
        ),
    ] = 0
    exchange_tls_listen: Annotated[str, Field(description="Address of that port.")] = "0.0.0.0"  # noqa: S104 — for others
    listen: Annotated[str, Field(description="Address both servers listen on.")] = "127.0.0.1"
    agency: Annotated[str, Field(description="Code of the agency that runs the node.")] = "G22"
    agencies: Annotated[tuple[str, ...], Field(description="Codes of the agencies the node hosts.")] = ()
    contexts: Annotated[tuple[Context, ...], Field(description="Front doors and registers switched on.")] = ()
    national: Annotated[str, Field(description="Code of the agency that tracks every dossier.")] = "G22"
    tracking_url: Annotated[str, Field(description="Public address where anyone follows a dossier.")] = ""
    files_kept: Annotated[
        int, Field(ge=2, description="Days for which a file is kept that nobody has made use of.")
    ] = 30
    log_kept: Annotated[
        int,
        Field(
            ge=0,
            description="Months for which the exchange's log is kept whole in the database after a month is over; 0: for ever.",
        ),
    ] = 0
    form_questions: Annotated[
        int,
        Field(
            ge=1,
            description="Questions answered by hand above which readiness says that a form asks too much.",
        ),
    ] = 30
    presence_minutes: Annotated[
        int,
        Field(
            ge=0,
            le=480,
            description="Minutes for which a passkey or a code of an app is proof enough to sign; 0 asks for neither.",
        ),
    ] = 15
    demo: Annotated[bool, Field(description="Whether this node plays the demo country.")] = False
    identity: Annotated[
        Literal["", "provider"],
        Field(
            description="`provider` where people's electronic identities are kept and other nodes ask for them."
        ),
    ] = ""
    identity_clients: Annotated[
        tuple[IdentityClient, ...],
        Field(description="Services that may ask who someone is, one table each; see the operator's guide."),
    ] = ()
    identity_issuer: Annotated[
        str,
        Field(
            pattern=f"{ISSUER}|^$",
            description="OpenID Connect provider asked who someone is; empty for none. The secret is in keys/identity.key.",
        ),
    ] = ""
    identity_client: Annotated[str, Field(description="This node's client id at that provider.")] = ""
    identity_scopes: Annotated[tuple[str, ...], Field(description="What is asked of the provider.")] = (
        "openid",
        "profile",
        "personal_number",
    )
    identity_number: Annotated[str, Field(description="Claim in which it names the personal number.")] = (
        "personal_number"
    )
    identity_agency: Annotated[
        str,
        Field(
            description="Agency whose node keeps identities: counters send it who showed themselves; empty for the national one."
        ),
    ] = ""
    identity_level: Annotated[
        Literal[1, 2], Field(description="Lowest level of electronic identity that may sign in through it.")
    ] = 1
    bank_account: Annotated[
        str,
        Field(
            description="Where fees go: the bank's six digits at Napas, the account, its holder; empty for no transfers."
        ),
    ] = ""
    gateway_url: Annotated[
        str,
        Field(
            description="Page of the bank gateway payers are sent to; empty for none. Its secret is in keys/gateway.key."
        ),
    ] = ""
    gateway_api: Annotated[str, Field(description="Where the gateway is asked what became of a payment.")] = (
        ""
    )
    gateway_code: Annotated[str, Field(description="The node's code at the gateway.")] = ""
    signing_url: Annotated[
        str,
        Field(
            pattern=r"^(https://[^\s?#]+/|http://(127\.0\.0\.1|localhost)(:\d+)?/[^\s?#]*/)?$",
            description="Address of the service people sign their forms with remotely, with a slash at the end; "
            "empty for none. Its secret is in keys/signing.key.",
        ),
    ] = ""
    signing_client: Annotated[str, Field(description="The node's name at that service.")] = ""
    national_portal: Annotated[
        str,
        Field(
            pattern=f"{ISSUER}|^$",
            description="API of a national portal dossiers are synchronised with (https://…/api/v1); empty for none. "
            "The secret is in keys/national-portal.key.",
        ),
    ] = ""
    national_portal_client: Annotated[str, Field(description="This node's identifier at that portal.")] = ""
    axis_url: Annotated[
        str,
        Field(
            pattern=r"^(https://[^\s?#]+[^\s/?#]|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#]*[^\s/?#])?)?$",
            description="Document axis this node exchanges documents with for agencies that are not connected themselves "
            "(https://…/axis); empty for none. The shared key is in keys/axis.key.",
        ),
    ] = ""
    axis_system: Annotated[str, Field(description="This node's identifier at that axis (systemid).")] = ""
    axis_agencies: Annotated[
        tuple[str, ...],
        Field(
            description="Agencies reached over that axis; they are among `agencies`, so that all write to them here."
        ),
    ] = ()
    axis_speaks_for: Annotated[
        tuple[str, ...], Field(description="Agencies in whose name documents are fetched from that axis.")
    ] = ()
    letters_address: Annotated[
        str,
        Field(
            pattern=r"^([^\s@<>]+@[^\s@<>]+)?$",
            description="Address from which documents go by e-mail to those whom no node reaches, and to which they answer; "
            "empty for none. Mails are sent as `mail` says.",
        ),
    ] = ""
    letters_box: Annotated[
        str,
        Field(
            pattern=r"^(imaps?://[^\s]+)?$",
            description="Mailbox in which the answers lie: imaps://user:password@host/INBOX; empty where a mail server hands "
            "them to `motcua mail`.",
        ),
    ] = ""
    letters_megabytes: Annotated[
        int, Field(ge=1, le=100, description="Megabytes of the largest e-mail with a document, out and in.")
    ] = 20
    timestamp_authorities: Annotated[
        tuple[Annotated[str, Field(pattern=r"^https?://[^\s#]+$")], ...],
        Field(
            description="Authorities of time (RFC 3161) that stamp the log of the exchange each minute, the first that answers; "
            "empty for none. Their certificates are in keys/timestamps/*.pem."
        ),
    ] = ()
    lasting_signatures: Annotated[
        bool,
        Field(
            description="Whether agencies' signatures on documents get a time stamp of these authorities and the lists of revoked "
            "certificates in keys/revocation/*.crl (PAdES B-LT)."
        ),
    ] = False
    token_module: Annotated[
        str,
        Field(
            description="Library of a token or hardware module that keeps keys of agencies and officers (PKCS#11, an .so file); "
            "empty for none. Its PIN is in keys/token.pin; a certificate in keys/seals or keys/persons without a key has it there, "
            "under the name of its file."
        ),
    ] = ""
    token_label: Annotated[str, Field(description="The name (label) of the token.")] = ""
    webhooks_private: Annotated[
        bool, Field(description="Whether machines at private addresses, inside one's own network, are told.")
    ] = False
    mail: Annotated[
        str, Field(description="Where mails go: smtp://… or smtps://…; empty for files in the node's home.")
    ] = ""
    sms: Annotated[
        str,
        Field(
            description="Who sends text messages: an address (token in keys/sms.key), `folder` for files in the home, or none."
        ),
    ] = ""
    mail_from: Annotated[str, Field(description="Sender of the node's mails.")] = (
        "Một Cửa <khong-tra-loi@motcua.invalid>"
    )


def as_toml(value: object) -> str:
    """A value as TOML writes it: JSON's strings, numbers, booleans and lists are the same, tables are not."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {as_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class UnreadableNodeError(Exception):
    """The settings file is missing or does not hold; the message says which field and why."""


def home() -> Path:
    """The node's home: settings, keys, files, logs."""
    return Path(os.environ.get(HOME, ".motcua/node")).resolve()


def read(path: Path) -> Node:
    """Read `path`/node.toml; raises `UnreadableNodeError` with file and field."""
    file = path / "node.toml"
    try:
        return Node.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise UnreadableNodeError(f"{file}: {error}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise UnreadableNodeError(f"{file}: {faults}") from error


def current() -> Node:
    """The node this process serves; without a home (tests, code checks) a plain one on `MOTCUA_DATABASE`."""
    if HOME in os.environ:
        return read(home())
    return Node(
        name="test",
        title_vi="Nút thử",
        title_en="Test node",
        database=os.environ.get("MOTCUA_DATABASE", "postgresql:///motcua"),
        secret="only for tests and code checks, never served",  # noqa: S106 — no node is ever served with it
        agency="G22",
        agencies=tuple(code for node in NODES for code in node.agencies),
        contexts=(
            "portal",
            "desk",
            "api",
            "tracking",
            "indicators",
            "oversight",
            "population",
            "civil",
            "insurance",
            "business",
        ),
        tracking_url="http://127.0.0.1:8000",
        demo=True,
        sms="folder",
        letters_address="van-thu@motcua.invalid",
    )
