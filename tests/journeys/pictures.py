"""Pictures: those people hand in, and those of the front page, written only when MOTCUA_PICTURES=1 says so."""

import io
import os

from PIL import Image

from tests.country.land import ROOT

PICTURES = ROOT / "docs" / "pictures"
HEIGHT = 1024


def keep(walker, name):
    """What they see now, in few enough colours to be small."""
    if os.environ.get("MOTCUA_PICTURES") == "1":
        whole = walker.page.screenshot(full_page=True)
        drawn = Image.open(io.BytesIO(whole)).crop((0, 0, walker.page.viewport_size["width"], HEIGHT))
        drawn.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
            PICTURES / f"{name}.png", optimize=True
        )


def photograph():
    """As heavy as one from a telephone, and of nothing."""
    Image.effect_noise((600, 800), 20).save(photo := io.BytesIO(), "PNG")
    return photo.getvalue()
