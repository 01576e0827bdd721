"""What may be wrong with a message that is read all the same: each fault by its code, worded only when somebody reads it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Promise] = {
    "junk_before": _("“%(junk)s” stands before the message and was left out."),
    "junk_after": _("“%(junk)s” stands after the message and was left out."),
    "prefix": _("The prefix “%(prefix)s” is nowhere declared."),
    "root": _("The message does not begin with the element edXML."),
    "namespace": _("This is not in the namespace of the rules (QCVN 102:2016)."),
    "unknown": _("This element is not known and was left out."),
    "repeated": _("This stands more than once."),
    "empty": _("This part is empty."),
    "long": _("This is longer than %(longest)s characters."),
    "number": _("“%(words)s” is not a whole number and was left out."),
    "flag": _("“%(words)s” is neither yes (1) nor no (0) and was left out."),
    "day": _("“%(words)s” is not a day of the calendar (year/month/day) and was left out."),
    "moment": _("“%(words)s” is not a moment (year/month/day hour:minute:second) and was left out."),
    "unnamed": _("The body does not name this attachment."),
    "missing": _("The attachment “%(id)s” is named, but is not there."),
    "no_zip": _("The attachment is called a zip file and is none; it was taken as it is."),
    "many_in_zip": _("The zip file holds %(count)s files; it was taken as it is."),
    "other_name": _("The file is called “%(name)s”, in its zip “%(entry)s”."),
    "sha1": _("The signature uses SHA-1, which is no longer safe."),
    "signature_namespace": _("The signature cannot be checked: it is not in the namespace of XML signatures."),
    "signature_place": _("The signature cannot be checked: it does not stand in the head of the message."),
    "signature_part": _("The signature cannot be checked: it does not cover the whole message."),
    "signature_certificate": _("The signature cannot be checked: its certificate cannot be read."),
    "program": _("The file “%(name)s” holds a program; it is kept and not handed out."),
    "damaged": _("The file “%(name)s” is damaged or locked and cannot be looked into."),
    "mail": _("It came by e-mail from %(address)s; nobody but its signature, if one holds, says who wrote it."),
    "mail_unsigned": _("The mail bears no signature."),
    "mail_signed": _("The mail bears a signature that holds, by %(who)s."),
    "mail_untrusted": _("The mail bears a signature by %(who)s, whose certificate was not issued by an authority recognised here."),
    "mail_altered": _("The mail bears a signature that does not hold: it was altered or cannot be read."),
    "mail_address": _("It answers a mail that was sent to another address: %(address)s."),
    "mail_html": _("The mail has no plain text; its words were taken out of a page, pictures and links were left out."),
    "mail_encoding": _("The encoding of its text is unknown or broken; the mail as it came is among the files."),
    "mail_nested": _("Another mail lies within it; it is kept as a file and was not opened."),
    "mail_name": _("A file had a name that cannot be one; it is called “%(name)s” here."),
    "mail_edxml": _("The file “%(name)s” is no message of the axis that can be read: %(reason)s"),
}  # fmt: skip

type Note = Callable[..., None]  # (place, code, **what it is about)


@dataclass(frozen=True)
class Warned:
    """Something that was read although it is not as it should be: where, which fault, and what it is about."""

    place: str
    code: str
    about: tuple[tuple[str, str], ...] = field(default=())

    @classmethod
    def of(cls, place: str, code: str, **about: Any) -> Self:
        """A fault with what it is about."""
        return cls(place, code, tuple((name, str(value)) for name, value in about.items()))

    @classmethod
    def kept(cls, row: dict[str, Any]) -> Self:
        """As it was kept."""
        return cls.of(row["place"], row["code"], **row["about"])

    @property
    def row(self) -> dict[str, Any]:
        """To be kept: nothing in it is in anybody's language."""
        return {"place": self.place, "code": self.code, "about": dict(self.about)}

    @property
    def words(self) -> str:
        """The fault in the reader's language; a code of another version is shown as it is."""
        words = WORDS.get(self.code)
        return str(words) % dict(self.about) if words else self.code

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words
