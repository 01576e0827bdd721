"""What the national portal says of a procedure and nobody has written anew yet, beside the part where it belongs."""

from motcua.procedures.models import Draft
from motcua.procedures.words import RAW

# On which part a text is written; all others on the facts.
WRITTEN_AT = {"cach_thuc_thuc_hien": "ways", "thanh_phan_ho_so": "draft_papers"}


def unread(draft: Draft, part: str = "") -> list[tuple[str, str, str, str]]:
    """Key, heading, text and part of each, of one part or of all."""
    found = [
        (key, str(RAW.get(key, key)), text, WRITTEN_AT.get(key, "facts"))
        for key, text in draft.definition.raw.items()
    ]
    return [one for one in found if part in {"", one[3]}]
