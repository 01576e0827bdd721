"""Message catalogues: compiled from .po to .mo when the .po is newer, so that what people read is always current."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent


def compile_messages(root: Path = PACKAGE) -> int:
    """Compile every catalogue below `root` that changed; return how many."""
    stale = [po for po in root.rglob("*.po") if is_stale(po)]
    for po in stale:
        with po.open("rb") as source:
            catalogue = read_po(source)
        fresh = po.with_suffix(".mo.new")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(po.with_suffix(".mo"))
    return len(stale)


def is_stale(po: Path) -> bool:
    """Whether the compiled file is missing or older."""
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime
