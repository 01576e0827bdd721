"""A demonstration signature: a name drawn as one blue stroke, transparent around it.

In earnest the image is scanned from the person's own hand; a drawn one keeps the place, the colour and the size.
"""

import hashlib
import io
import math
import random
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw

type Point = tuple[float, float]

BLUE = (21, 58, 160)
WIDTH, HEIGHT = 590, 212  # 50 × 18 mm at 300 dots per inch
FINER = 3  # drawn larger, then reduced: smooth edges

TALL, DEEP = set("bdđfhklt"), set("gjpqy")


@lru_cache(maxsize=64)
def signature(name: str) -> bytes:
    """Draw `name` as a PNG; the same name always gives the same stroke, and another name another."""
    hand = random.Random(hashlib.sha256(name.encode()).digest())  # noqa: S311  (a drawing, no secret)
    sheet = Image.new("L", (WIDTH * FINER, HEIGHT * FINER), 0)
    pen = ImageDraw.Draw(sheet)
    for stroke in (_letters(name, hand), _flourish(hand)):
        _draw(pen, _fitted(stroke))
    alpha = sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    image = Image.new("RGBA", (WIDTH, HEIGHT), (*BLUE, 0))
    image.putalpha(alpha)
    done = io.BytesIO()
    image.save(done, format="PNG", dpi=(300, 300))
    return done.getvalue()


def _letters(name: str, hand: random.Random) -> list[Point]:
    """The initial of the given name as a high loop, its letters as waves that flatten out: as hurried hands write."""
    given = name.rsplit(maxsplit=1)[-1].lower() if name.split() else "x"
    stroke: list[Point] = [(0.02, 0.66), (0.07, 0.30), (0.15, 0.06), (0.20, 0.16), (0.14, 0.52), (0.09, 0.84)]
    stroke += [(0.06, 0.74), (0.16, 0.46), (0.27, 0.36)]
    across, step = 0.29, min(0.09, 0.56 / (len(given) + 1))
    for place, letter in enumerate(given + "n"):
        calm = 1 - 0.55 * place / (len(given) + 1)
        top = 0.60 - (0.42 if letter in TALL else 0.17) * calm * hand.uniform(0.8, 1.1)
        foot = 0.62 + (0.26 if letter in DEEP else 0.02) * calm
        lean = step * hand.uniform(0.30, 0.45)
        stroke += [(across + lean, top), (across + 0.05 * step, foot), (across + step * 0.8, 0.60)]
        across += step * hand.uniform(0.92, 1.08)
    return [*stroke, (across + 0.05, 0.50), (0.97, 0.40)]


def _flourish(hand: random.Random) -> list[Point]:
    """A line thrown under the name."""
    dip = hand.uniform(0.84, 0.92)
    return [
        (0.90, 0.56),
        (0.62, 0.74),
        (0.24, dip),
        (0.16, dip + 0.03),
        (0.30, dip - 0.04),
        (0.70, 0.80),
        (0.86, 0.78),
    ]


def _fitted(points: list[Point]) -> list[Point]:
    return [
        (x * (WIDTH - 20) * FINER + 10 * FINER, y * (HEIGHT - 20) * FINER + 10 * FINER) for x, y in points
    ]


def _draw(pen: ImageDraw.ImageDraw, points: list[Point]) -> None:
    """Ink a smooth curve through the points; a quick pen leaves a thinner line."""
    path = _smooth(points)
    for (x0, y0), (x1, y1) in pairwise(path):
        speed = math.hypot(x1 - x0, y1 - y0)
        radius = FINER * max(1.5, 3.4 - speed / 14)
        for part in range(max(1, int(speed / 2))):
            share = part / max(1, int(speed / 2))
            x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)


def _smooth(points: list[Point], *, parts: int = 16) -> list[Point]:
    """A Catmull-Rom spline through the points."""
    ends = [points[0], *points, points[-1]]
    quads = zip(ends, ends[1:], ends[2:], ends[3:], strict=False)
    return [_between(quad, part / parts) for quad in quads for part in range(parts)]


def _between(quad: tuple[Point, Point, Point, Point], t: float) -> Point:
    a, b, c, d = quad
    weights = (-t + 2 * t**2 - t**3, 2 - 5 * t**2 + 3 * t**3, t + 4 * t**2 - 3 * t**3, -(t**2) + t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) / 2 for axis in (0, 1))
    return x, y
