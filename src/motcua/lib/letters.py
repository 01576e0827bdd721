"""Vietnamese without its marks, for whatever cannot carry or compare them."""

import unicodedata

STROKES = str.maketrans({"đ": "d", "Đ": "D"})


def bare(text: str) -> str:
    """`Đồng chí` → `Dong chi`; what is no Vietnamese letter stays as it is."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).translate(STROKES)
