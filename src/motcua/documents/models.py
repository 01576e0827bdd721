"""Documents: papers made here and files taken in, each the name of bytes in the store."""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from motcua.documents.authority import Keyring
from motcua.documents.papers import Check
from motcua.lib.actors import Actor
from motcua.lib.blobs import Store
from motcua.lib.named_files import names_files
from motcua.lib.pkcs11 import token
from motcua.lib.signs import SIGNS, drawn, meant

GROUPS, GROUP = 4, 4
OFFICE = ("receiver", "registrar", "specialist", "chair", "deputy", "clerk")


def new_code() -> str:
    """Draw a code for verification: 80 random bits, so that holding one is proof of having seen the paper."""
    return "-".join(drawn(GROUP) for _group in range(GROUPS))


def read_code(typed: str) -> str:
    """Return the code a person meant: case, spaces and look-alike letters do not matter; empty if it cannot be one."""
    signs = meant(typed)
    if len(signs) != GROUPS * GROUP or set(signs) - set(SIGNS):
        return ""
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def store() -> Store:
    """The node's files."""
    return Store(settings.FILES)


def keyring() -> Keyring:
    """The node's seals, its officers' signatures and the authorities it trusts."""
    node, pin = settings.NODE, settings.KEYS / "token.pin"
    held = token(node.token_module, node.token_label, pin) if node.token_module else None
    return Keyring(settings.KEYS, token=held)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own documents, and those of the agencies where one works on dossiers."""
        if actor.is_system:
            return self
        if actor.is_anonymous:
            return self.none()
        return self.filter(Q(owner=actor.urn) | Q(agency__in=actor.answers_for(*OFFICE)))

    def about(self, subject: Any) -> Self:
        """Documents of one dossier or other subject, oldest first."""
        return self.filter(about=subject if isinstance(subject, str) else subject.urn).order_by(
            "made_at", "pk"
        )

    def issued(self) -> Self:
        """Papers of ours; not what others sent in."""
        return self.exclude(kind=Document.Kind.UPLOAD)


# What was laid ready (in a draft, a wallet, a claim, by a machine) is named by where it was made use of; what officers laid
# into a dossier and what we issued stays.
@names_files("digest", only="kind <> 'upload' OR about LIKE 'dossier:%%'")
class Document(models.Model):
    """A paper or a file: what it is, whose it is, what it is about, and the digest that names its bytes."""

    class Kind(models.TextChoices):
        """What a document is; papers of ours bear the name of their template."""

        UPLOAD = "upload", _("Attached paper")
        RECEIPT = "receipt", _("Receipt with appointment")
        SUPPLEMENT = "supplement", _("Request to complete a dossier")
        REFUSAL = "refusal", _("Refusal of a dossier")
        STOP = "stop", _("Notice that work has stopped")
        REGISTER = "register", _("Register of dossiers")
        APOLOGY = "apology", _("Apology with a new date")
        BIRTH = "birth", _("Birth certificate")
        CERTIFICATE = "certificate", _("Result of a procedure")
        EXTRACT = "extract", _("Copy of a birth certificate")
        FEE = "fee", _("Fee receipt")
        CERTIFIED = "certified", _("Certified copy")

    class State(models.TextChoices):
        """Where a document is in its life."""

        NEW = "new", _("New")
        KEPT = "kept", _("Kept")
        MADE = "made", _("Not yet signed")
        SIGNED = "signed", _("Signed")
        REVOKED = "revoked", _("Recalled")

    # The whole life of a document: action -> (from, to).
    MOVES = {
        "keep": ({State.NEW}, State.KEPT),
        "make": ({State.NEW}, State.MADE),
        "sign": ({State.MADE}, State.SIGNED),
        "seal": ({State.MADE}, State.SIGNED),
        "revoke": ({State.MADE, State.SIGNED}, State.REVOKED),
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=19, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    title = models.CharField(max_length=200)
    media = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, db_index=True)
    size = models.PositiveIntegerField()
    pages = models.PositiveSmallIntegerField(default=1)
    about = models.CharField(max_length=120)
    owner = models.CharField(
        max_length=120, blank=True, help_text="Urn of the person it was made for or who sent it."
    )
    holder = models.CharField(
        max_length=120, blank=True, help_text="Name of that person; shown masked to the public."
    )
    agency = models.CharField(
        max_length=35, blank=True, help_text="Code of the agency that issued or received it."
    )
    number = models.CharField(
        max_length=60, blank=True, help_text="As it is printed: serial and notation, 12/PBS-BPTNTKQ."
    )
    serial = models.PositiveIntegerField(null=True, blank=True, help_text="Its place in the year's series.")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    signatures = models.JSONField(default=list)
    # A form that gets the agency's seal when its file first leaves us. One that has left without stays as it is.
    awaits_seal = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=500, blank=True, help_text="Why it was recalled.")
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["about", "made_at"]),
            models.Index(fields=["owner", "made_at"]),
            models.Index(fields=["agency", "made_at"]),
        ]
        constraints = [
            # Decree 30/2020, art. 15: one series a year, and no number twice.
            models.UniqueConstraint(fields=["agency", "kind", "year", "serial"], name="one_paper_a_number"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="document_digest_is_sha_256"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("upload", "receipt", "supplement", "refusal", "stop", "register", "apology"),
                        *("birth", "certificate", "extract", "fee", "certified"),
                    ]
                ),
                name="document_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "made", "signed", "revoked"]), name="document_state_is_lasting"
            ),
            models.CheckConstraint(
                condition=Q(awaits_seal=False) | Q(state__in=["made", "revoked"]),
                name="what_is_signed_awaits_no_seal",
            ),
            models.CheckConstraint(
                condition=Q(kind="upload", state="kept")
                | ~Q(kind="upload") & ~Q(state="kept") & ~Q(agency=""),
                name="a_paper_of_ours_has_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(state="revoked", revoked_at__isnull=False)
                | ~Q(state="revoked") & Q(revoked_at=None),
                name="recalled_documents_say_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def urn(self) -> str:
        return f"document:{self.pk}"

    @property
    def is_signed(self) -> bool:
        """Whether it was signed in the agency's name and still holds."""
        return self.state == self.State.SIGNED

    @property
    def standing(self) -> str:
        """How it stands, in the words of the desk."""
        if self.awaits_seal and self.state == self.State.MADE:
            return now_("Sealed when it is first opened")
        return self.get_state_display()

    @property
    def is_upload(self) -> bool:
        return self.kind == self.Kind.UPLOAD

    @property
    def file_name(self) -> str:
        """How the file is called when saved: kind and code, nothing about a person."""
        ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[self.media]
        return f"{self.kind}-{self.code}.{ending}"

    @property
    def check_url(self) -> str:
        """The public page that says whether this document holds."""
        return f"{settings.NODE.web_url}/verify/{self.code}/"

    @property
    def verification(self) -> Check:
        """What the paper prints about its own verification."""
        shown = f"{settings.NODE.web_url}/verify".removeprefix("https://").removeprefix("http://")
        return Check(url=self.check_url, shown=shown, code=self.code)

    def content(self) -> bytes:
        """The bytes, compared with the digest. FileNotFoundError, Damaged."""
        return store().read(self.digest)


class Loose(models.Model):
    """A file of the store that nobody named when the store was looked through; if that is still so, it is deleted."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    noted_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.digest


@names_files("digest", "completed")
class Basic(models.Model):
    """A file that was signed while no authority of time answered, or a list was missing; then what it was completed to."""

    digest = models.CharField(max_length=64, primary_key=True)
    why = models.CharField(max_length=300)
    since = models.DateTimeField(default=timezone.now)
    completed = models.CharField(
        max_length=64, blank=True, help_text="Digest of the same with time stamp and lists."
    )
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "basic"
        indexes = [
            models.Index(fields=["since"], condition=Q(completed=""), name="signatures_to_be_completed")
        ]

    def __str__(self) -> str:
        return self.digest

    @property
    def urn(self) -> str:
        return f"file:{self.digest}"


def basic_among(digests: Iterable[str]) -> set[str]:
    """Those of the files that still wait for their time stamp."""
    return set(Basic.objects.filter(digest__in=list(digests), completed="").values_list("digest", flat=True))


def newest(digest: str) -> str:
    """The file to be handed out for one that was signed: itself, or what it was completed to."""
    return (
        Basic.objects.filter(digest=digest).exclude(completed="").values_list("completed", flat=True).first()
        or digest
    )


# Forms of the one-stop desk and fee receipts: no officer signs them; they bear the agency's seal where the node keeps one.
FORMS = frozenset(
    {
        Document.Kind.RECEIPT,
        Document.Kind.SUPPLEMENT,
        Document.Kind.REFUSAL,
        Document.Kind.STOP,
        Document.Kind.FEE,
    }
)
