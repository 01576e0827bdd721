"""Make the fonts the pages are served with: `python -m tests.ui.fonts`.

Be Vietnam Pro in the three weights of the face, cut down to the letters of Vietnamese and English and punctuation,
as WOFF2. Run again when a page needs a character that test_styles.py misses.
"""

from pathlib import Path
from shutil import copy

import fontpkg_be_vietnam_pro
from fontTools import subset

MASTERS = Path(fontpkg_be_vietnam_pro.__file__).parent
FONTS = Path(__file__).parents[2] / "src/motcua/ui/static/ui/fonts"
WEIGHTS = {400: "Regular", 500: "Medium", 600: "SemiBold"}
LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # Latin-1 and Latin Extended-A
    *(0x1A0, 0x1A1, 0x1AF, 0x1B0),  # Ơ ơ Ư ư
    *(0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323),  # tone marks, for names typed in pieces
    *range(0x1EA0, 0x1EFA),  # Vietnamese
    *range(0x2009, 0x2027),  # spaces, dashes, quotes, •, …
    *(0x202F, 0x2030, 0x2039, 0x203A, 0x20AB, 0x2212),
]


def make() -> None:
    """Write the three fonts and their licence."""
    options = subset.Options(
        flavor="woff2",
        hinting=False,
        layout_features=["kern", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum"],
    )
    for weight, name in WEIGHTS.items():
        font = subset.load_font(MASTERS / f"files/BeVietnamPro-{name}.ttf", options)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=LETTERS)
        cutter.subset(font)
        subset.save_font(font, FONTS / f"be-vietnam-pro-{weight}.woff2", options)
    copy(MASTERS / "LICENSE", FONTS / "OFL.txt")


if __name__ == "__main__":
    make()
