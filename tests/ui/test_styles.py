"""One small stylesheet, always current; fonts that hold every letter we write."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from motcua.ui import styles
from tests.ui import fonts

SOURCE = Path(styles.__file__).parents[1]


def test_the_stylesheet_holds_every_rule_of_every_part():
    text = styles.sheet().text.decode()
    assert text.startswith("@layer reset,tokens,base,components,pages,print;@layer reset{")
    parts = [*styles.PARTS.glob("*.css"), *styles.PARTS.glob("components/*.css")]
    assert sorted({part.stem for part in styles.PARTS.glob("*.css")} | {"components"}) == sorted(
        styles.LAYERS
    )
    assert [part.name for part in parts if styles._packed(part.read_text()) not in text] == []
    assert text.count("{") == text.count("}")


def test_the_stylesheet_is_small():
    assert len(styles.sheet().packed) <= 10_000


def test_the_stylesheet_is_kept_for_ever_under_its_digest(client):
    current = styles.sheet()
    response = client.get(f"/ui/{current.digest}.css", headers={"accept-encoding": "gzip, br"})
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.content) == current.text
    plain = client.get("/ui/older.css")
    assert (plain["Cache-Control"], plain.content) == ("no-cache", current.text)


def test_a_first_page_is_light(client):
    page = len(gzip.compress(client.get("/ui/").content))
    preloaded = sum((fonts.FONTS / f"be-vietnam-pro-{weight}.woff2").stat().st_size for weight in (400, 600))
    assert preloaded <= 60_000
    assert page + preloaded + len(styles.sheet().packed) <= 100_000


def test_no_page_has_style_or_script_in_it(client):
    page = client.get("/ui/").content.decode()
    assert re.findall(r"<style|<script|\sstyle=|\son\w+=|javascript:", page) == []


def written() -> set[str]:
    """Every character of our templates and catalogues."""
    texts = [path.read_text("utf-8") for path in SOURCE.rglob("templates/**/*.html")]
    for path in SOURCE.rglob("*.po"):
        with path.open("rb") as source:
            texts += [str(message.id) + str(message.string) for message in read_po(source)]
    return set("".join(texts)) - {"\n", "\t", "→"}  # the typeface has no arrows: the system's are used


@pytest.mark.parametrize("weight", fonts.WEIGHTS)
def test_every_letter_we_write_is_in_the_fonts(weight):
    held = {chr(code) for code in TTFont(fonts.FONTS / f"be-vietnam-pro-{weight}.woff2").getBestCmap()}
    assert sorted(written() - held) == []
