"""Papers bound together, so that many are printed in one go; the file is for the printer and bears no signature of its own."""

import json
from collections.abc import Sequence
from datetime import datetime

import typst

from motcua.documents.models import FORMS, Document, store
from motcua.documents.press import HERE, fonts
from motcua.documents.signing import sealed_in_words


def bound(documents: Sequence[Document]) -> bytes:
    """One PDF with all pages of these papers in their order."""
    root = store().root.resolve()
    pages = [
        {
            "path": f"/{store().path(one.digest).resolve().relative_to(root)}",
            "page": page,
            "title": one.title,
            "seal": seal_of(one) if page == 1 else [],
        }
        for one in documents
        for page in range(1, one.pages + 1)
    ]
    # The press may read nothing but the store: what is bound has been kept there by its digest.
    compiler = typst.Compiler(
        input=(HERE / "paper" / "bound.typ").read_bytes(), root=root, font_paths=fonts()
    )
    # Sealed forms are PDF 2.0, and no older file may show their pages.
    inputs = {"data": json.dumps(pages, ensure_ascii=False)}
    printed = compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["2.0"])
    if not isinstance(printed, bytes):
        raise TypeError(type(printed))
    return printed


def seal_of(document: Document) -> list[str]:
    """The words of the seal on a form of the one-stop desk, which has no place for a red one; none where it is not sealed."""
    if document.kind not in FORMS:
        return []
    seals = [one for one in document.signatures if one["role"] == "seal" and one["at"]]
    return sealed_in_words(seals[0]["who"], datetime.fromisoformat(seals[0]["at"])) if seals else []
