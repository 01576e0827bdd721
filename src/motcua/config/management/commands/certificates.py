"""motcua certificates seal|person|trust|trial|list: what a node signs papers with, and whose signatures count here."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from motcua.documents.authority import Authority, Credential, Keyring
from motcua.organisations.models import Agency
from motcua.people.models import Account, Appointment

SIGNING_ROLES = ("chair", "deputy", "receiver", "registrar")


class Command(BaseCommand):
    help = "Keep seals of agencies and signatures of officers, trust authorities, or make trial certificates."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="what", required=True)
        seal = commands.add_parser("seal", help="keep an agency's seal (certificate and key in one PEM)")
        seal.add_argument("agency")
        seal.add_argument("file", type=Path)
        person = commands.add_parser(
            "person", help="keep an officer's signature (certificate and key in one PEM)"
        )
        person.add_argument("number", help="personal number of the officer's account")
        person.add_argument("file", type=Path)
        trust = commands.add_parser("trust", help="trust the certificates of an authority")
        trust.add_argument("name", help="what to call it here: letters, digits, - and _")
        trust.add_argument("file", type=Path)
        commands.add_parser(
            "trial", help="make an authority of one's own, and what is missing; proves nothing outside"
        )
        commands.add_parser("list", help="what is kept and trusted, and until when")

    def handle(self, *_args: Any, **options: Any) -> None:
        ring = Keyring(settings.KEYS)
        try:
            for line in getattr(self, options["what"])(ring, options):
                self.stdout.write(line)
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        except KeyError as error:
            raise CommandError(_("%(name)s cannot be the name of a file.") % {"name": error}) from error

    def seal(self, ring: Keyring, options: dict[str, Any]) -> Iterator[str]:
        agency = agency_of(options["agency"])
        credential = Credential.from_pem(options["file"].read_bytes())
        ring.keep_seal(agency.code, credential)
        yield described(options["agency"], credential.certificate)

    def person(self, ring: Keyring, options: dict[str, Any]) -> Iterator[str]:
        account = Account.objects.filter(username=options["number"]).first()
        if account is None:
            raise CommandError(_("There is no account with this personal number; open one: motcua user add"))
        credential = Credential.from_pem(options["file"].read_bytes())
        ring.keep_person(account.urn, credential)
        yield described(account.name, credential.certificate)

    def trust(self, ring: Keyring, options: dict[str, Any]) -> Iterator[str]:
        certificate = x509.load_pem_x509_certificate(options["file"].read_bytes())
        ring.trust(options["name"], certificate)
        yield described(options["name"], certificate)

    def trial(self, ring: Keyring, _options: dict[str, Any]) -> Iterator[str]:
        authority = trial_authority(ring)
        for agency in Agency.objects.filter(code__in=settings.NODE.agencies):
            if not (ring.root / "seals" / f"{agency.code}.pem").exists():
                ring.keep_seal(agency.code, authority.seal(agency.name_vi, agency.code))
                yield _("seal of %(name)s") % {"name": agency.name_vi}
        held = Appointment.objects.in_force().filter(post__role__in=SIGNING_ROLES)
        # Chairs first: who holds several posts signs under the highest.
        for one in held.select_related("account", "post__agency").order_by("post__role", "pk"):
            if not (ring.root / "persons" / f"{one.account_id}.pem").exists():
                credential = authority.person(
                    one.account.name, title=one.post.title_vi, agency=one.post.agency.name_vi
                )
                ring.keep_person(one.account.urn, credential)
                yield _("signature of %(name)s") % {"name": one.account.name}

    def list(self, ring: Keyring, _options: dict[str, Any]) -> Iterator[str]:
        for kind in ("trusted", "seals", "persons"):
            for file in sorted((ring.root / kind).glob("*.pem")):
                yield described(f"{kind}/{file.stem}", x509.load_pem_x509_certificate(file.read_bytes()))


def agency_of(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None or code not in settings.NODE.agencies:
        raise CommandError(_("This node does not host %(code)s.") % {"code": code})
    return agency


def trial_authority(ring: Keyring) -> Authority:
    """The node's own authority, founded at the first call; its key stays beside the others."""
    file = ring.root / "trial-authority.pem"
    if not file.exists():
        authority = Authority.founded(f"Chứng thực thử {settings.NODE.name}")
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_bytes(authority.credential.pem())
        ring.trust("trial", authority.credential.certificate)
    return Authority(Credential.from_pem(file.read_bytes()))


def described(name: str, certificate: x509.Certificate) -> str:
    return f"{name}: {certificate.subject.rfc4514_string()}, {certificate.not_valid_after_utc:%Y-%m-%d}"
