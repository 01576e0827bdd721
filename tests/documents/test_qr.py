"""QR codes: the drawing shows the code of exactly this text."""

import re

import pytest
import segno

from motcua.lib import qr

TEXTS = ["https://laocai.example/verify/7KQ2-M9TD-XH4P-8WRE/", "Giấy khai sinh", "0"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_drawing_shows_the_modules_of_the_text(text):
    assert drawn(qr.svg(text)) == [list(row) for row in segno.make(text, error="m", micro=False).matrix]


def test_another_text_is_another_drawing():
    assert qr.svg("a") != qr.svg("b")


def test_the_drawing_has_no_size_of_its_own_and_runs_no_script():
    svg = qr.svg("x")
    assert re.findall(r"<(\w+)", svg) == ["svg", "path", "path"]
    assert not re.search(r"<svg[^>]*\s(?:width|height)=", svg)


def drawn(svg):
    """Follow the strokes of the dark path: each is a row of modules, one unit high, inside a margin of four."""
    size = int(re.search(r'viewBox="0 0 (\d+) ', svg).group(1)) - 8
    rows = [[0] * size for _ in range(size)]
    path = re.search(r'class="qrline"[^>]*\sd="([^"]+)"|d="(M4[^"]+)"[^>]*class="qrline"', svg)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.group(1) or path.group(2)):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            for step in range(int(values[0])):
                rows[int(y - 4)][int(x - 4) + step] = 1
            x += values[0]
    return rows
