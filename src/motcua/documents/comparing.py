"""Comparing: whether a file that comes back is the one that was given out, with signatures on it and nothing else."""

import io
import logging

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    FormUpdatingRule,
    GenericFieldModificationRule,
    ModificationLevel,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON

log = logging.getLogger(__name__)

# As pyHanko judges what comes after a signature; but the first signature also sets the flag that there is one.
FIRST = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule(
        [SigFieldCreationRule(), SigFieldModificationRule(), GenericFieldModificationRule()],
        ignored_acroform_keys=ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"},
    ),
)


def only_signed(given: bytes, back: bytes) -> bool:
    """Whether `back` begins with the very bytes of `given`, and only signatures were added; False for any other bytes.

    That a signature covers what was added is not enough: who signs could change the pages first and sign that.
    """
    if not back.startswith(given):
        return False
    try:
        last = PdfFileReader(io.BytesIO(given)).xrefs.total_revisions - 1
        found = FIRST.review_file(PdfFileReader(io.BytesIO(back)), last)
    except Exception:  # noqa: BLE001  (whatever a hostile file makes a parser do, the answer is no)
        log.info("A file that came back could not be compared.")
        return False
    return isinstance(found, DiffResult) and found.modification_level <= ModificationLevel.FORM_FILLING


def keywords(content: bytes, begins: str) -> set[str]:
    """The rest of each keyword with this beginning in the file's first revision."""
    try:
        first = PdfFileReader(io.BytesIO(content)).get_historical_resolver(0)
        words = str(first.trailer_view["/Info"]["/Keywords"])
    except Exception:  # noqa: BLE001  (as above)
        return set()
    found = words.replace(",", " ").split()
    return {word.removeprefix(begins) for word in found if word.startswith(begins)}
