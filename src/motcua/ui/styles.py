"""The stylesheet: the parts under css/ laid into their layers, served as one file whose address carries its digest."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.templatetags.static import static

PARTS = Path(__file__).parent / "css"
LAYERS = ("reset", "tokens", "base", "components", "pages", "print")


@dataclass(frozen=True)
class Sheet:
    text: bytes
    packed: bytes
    digest: str


@cache
def sheet() -> Sheet:
    """The stylesheet as sent, plain and gzipped; made once per process."""
    text = (f"@layer {','.join(LAYERS)};" + "".join(_layer(name) for name in LAYERS)).encode()
    return Sheet(text, gzip.compress(text, 9, mtime=0), hashlib.sha256(text).hexdigest()[:12])


def _layer(name: str) -> str:
    folder = PARTS / name
    files = sorted(folder.glob("*.css")) if folder.is_dir() else [PARTS / f"{name}.css"]
    return f"@layer {name}{{{''.join(_packed(file.read_text()) for file in files)}}}"


def _packed(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    css = re.sub(r" ?([{};]) ?", r"\1", css).replace(";}", "}").replace(": ", ":").strip()
    return re.sub(r'url\("(fonts/[^"]+)"\)', lambda found: f'url("{static(f"ui/{found[1]}")}")', css)
