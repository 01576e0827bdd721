"""Degrees of state secrets, and how a message says that what it carries is one: such a document never goes by this network."""

import re
import unicodedata

from django.db import models
from django.utils.translation import gettext_lazy as _
from lxml import etree

from motcua.documents.edxml.trees import local


class Degree(models.IntegerChoices):
    """How secret a document is (Law on the protection of state secrets, art. 8; decree 30/2020, annex I)."""

    NONE = 0, _("Not a state secret")
    CONFIDENTIAL = 1, _("Classified: confidential")
    SECRET = 2, _("Classified: secret")
    TOP_SECRET = 3, _("Classified: top secret")


# The rules of edXML know no element for it; these are the names document systems give theirs.
NAMES = frozenset(
    {
        "secrecy", "secrecylevel", "secret", "secretlevel", "security", "securitylevel", "securitytype", "classification",
        "confidential", "confidentiality", "confidentialitylevel", "domat", "madomat", "tendomat",
    }
)  # fmt: skip
SAID = {
    "mật": Degree.CONFIDENTIAL,
    "mat": Degree.CONFIDENTIAL,
    "tối mật": Degree.SECRET,
    "toi mat": Degree.SECRET,
    "tuyệt mật": Degree.TOP_SECRET,
    "tuyet mat": Degree.TOP_SECRET,
    **{str(one.value): one for one in Degree},
}
NOTHING = frozenset({"", "thường", "thuong", "không", "khong", "không mật", "normal", "none", "false"})
# “(MẬT) …” or “TỐI MẬT: …” before what a document is about.
STAMPED = re.compile(
    r"\s*(?:[(\[]\s*(TUYỆT MẬT|TỐI MẬT|MẬT)\s*[)\]]|(?-i:(TUYỆT MẬT|TỐI MẬT|MẬT))\s*[:–.-])", re.IGNORECASE
)


def degree_said(words: str) -> Degree:
    """What a value says; what nobody knows is taken for secret, for the safe side."""
    said = " ".join(unicodedata.normalize("NFC", words).casefold().split())
    return Degree.NONE if said in NOTHING else SAID.get(said, Degree.CONFIDENTIAL)


def degree_stamped(words: str) -> Degree:
    """What stands like a stamp before a subject."""
    found = STAMPED.match(unicodedata.normalize("NFC", words))
    return degree_said(found[1] or found[2]) if found else Degree.NONE


def degree_of(head: etree._Element) -> Degree:
    """The highest degree that the head of a message says anywhere, by an element of its own or before its subject."""
    said = [Degree.NONE]
    for one in head.iter():
        name = local(one).casefold()
        if name in NAMES:
            said.append(degree_said(one.text or ""))
        elif name in {"subject", "content"}:
            said.append(degree_stamped(one.text or ""))
    return max(said)
