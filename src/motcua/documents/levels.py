"""How long a signature can be checked: PAdES B-B, B-T with a time stamp, B-LT with the lists of revoked certificates too."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from asn1crypto import x509 as asn1_x509
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, async_validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import RevokedError

MOST_STAMPS = 10


class Level(StrEnum):
    """What a signature brings to be checked by."""

    BASIC = "B-B"
    TIMED = "B-T"
    LASTING = "B-LT"

    @property
    def words(self) -> Promise:
        """For whoever holds the file."""
        return WORDS[self]


WORDS: dict[Level, Promise] = {
    Level.BASIC: _("basic: it can be checked as long as its certificate is in force"),
    Level.TIMED: _("with a time stamp: an authority of time says when it was there"),
    Level.LASTING: _(
        "for the long term: with a time stamp and the lists of revoked certificates, "
        "it can be checked when its certificate has run out"
    ),
}


@dataclass(frozen=True)
class Trust:
    """Whose certificates count: authorities of signers, and authorities of time."""

    roots: Sequence[asn1_x509.Certificate]
    stampers: Sequence[asn1_x509.Certificate] = ()

    @property
    def of_time(self) -> list[asn1_x509.Certificate]:
        """Who may vouch for a time stamp."""
        return [*self.roots, *self.stampers]


def stamps(reader: PdfFileReader, trust: Trust) -> list[tuple[int, datetime]]:
    """Time stamps over the whole file that hold: which revision each covers, and its moment."""
    found: list[tuple[int, datetime]] = []
    try:
        held = reader.embedded_timestamp_signatures[:MOST_STAMPS]
    except Exception:  # noqa: BLE001 — a neighbour that cannot be read at all
        return found
    for one in held:
        context = ValidationContext(trust_roots=trust.of_time, allow_fetching=False)
        try:
            status = asyncio.run(async_validate_pdf_timestamp(one, context, skip_diff=True))
        except Exception:  # noqa: BLE001, S112 — a broken stamp says nothing; the signatures are judged by themselves
            continue
        if status.intact and status.valid and status.trusted:
            found.append((one.signed_revision, status.timestamp))
    return found


def store_in(reader: PdfFileReader) -> DocumentSecurityStore | None:
    """Certificates and lists kept in the file."""
    if "/DSS" not in reader.root:
        return None
    try:
        return DocumentSecurityStore.read_dss(reader)
    except Exception:  # noqa: BLE001 — what cannot be read is not there
        return None


def not_revoked(
    store: DocumentSecurityStore | None, embedded: EmbeddedPdfSignature, trust: Trust, at: datetime
) -> bool | None:
    """Whether the lists in the file say that the certificate held at that moment; None where they say nothing of it."""
    if store is None or not (store.crls or store.ocsps):
        return None
    context = store.as_validation_context(
        {
            "trust_roots": list(trust.roots),
            "moment": at,
            "allow_fetching": False,
            "revocation_mode": "require",  # `hard-fail` asks only of certificates that name a list
            "retroactive_revinfo": True,
        }
    )
    asked = CertificateValidator(
        embedded.signer_cert, embedded.other_embedded_certs, validation_context=context
    )
    try:
        asyncio.run(asked.async_validate_usage(set()))
    except RevokedError:
        return False
    except Exception:  # noqa: BLE001 — no list of that issuer, none in force, none that can be read
        return None
    return True
