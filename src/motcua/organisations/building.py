"""Makes the committed files of administrative units from the package vietnamadminunits; for developers only."""

import json
import lzma
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from motcua.organisations.models import ALWAYS

# Nghị quyết 202/2025/QH15: 63 provinces became 34, districts ceased.
REFORM = date(2025, 7, 1)
EVE = REFORM - timedelta(days=1)

type Row = tuple[str, ...]


class PackageMissingError(Exception):
    """The package that holds the raw data is not installed."""


def build(folder: Path) -> dict[str, int]:
    """Write `units.tsv.xz` and `successions.tsv.xz` in the text format of COPY; return how many rows each has."""
    raw = _Raw()
    files = {
        "units.tsv.xz": sorted(raw.units()),
        "successions.tsv.xz": sorted(raw.successions()),
    }
    for name, rows in files.items():
        (folder / name).write_bytes(packed(rows))
    return {name: len(rows) for name, rows in files.items()}


def packed(rows: Iterable[Row]) -> bytes:
    text = "".join("\t".join(row) + "\n" for row in rows)
    return lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME)


class _Raw:
    """The package's tables, read as files: importing it would pull in geometry libraries for nothing."""

    def __init__(self) -> None:
        spec = find_spec("vietnamadminunits")
        if spec is None or spec.origin is None:
            raise PackageMissingError("Install requirements-dev.txt: vietnamadminunits is missing.")
        data = Path(spec.origin).parent / "data"
        with closing(sqlite3.connect(data / "dataset.db")) as database:
            database.row_factory = sqlite3.Row
            self.old = database.execute("SELECT * FROM admin_units_legacy").fetchall()
            self.new = database.execute("SELECT * FROM admin_units").fetchall()
        self.links: dict[str, Any] = json.loads((data / "converter_2025.json").read_text("utf-8"))

    def units(self) -> set[Row]:
        return set(self._provinces()) | set(self._old_units()) | set(self._new_communes())

    def successions(self) -> set[Row]:
        return set(self._province_links()) | set(self._commune_links())

    def _provinces(self) -> Iterator[Row]:
        before = {row["provinceCode"]: row["province"] for row in self.old}
        after = {row["provinceCode"]: row["province"] for row in self.new}
        for code, title in before.items():
            ends = None if self._is_unchanged(code) else EVE
            yield _unit(code, 1, title, "", ALWAYS, ends)
        for code, title in after.items():
            if not self._is_unchanged(code):
                yield _unit(code, 1, title, "", REFORM, None)

    def _is_unchanged(self, code: str) -> bool:
        return code not in {link[0] for link in self._province_links()}

    def _old_units(self) -> Iterator[Row]:
        for row in self.old:
            yield _unit(row["districtCode"], 2, row["district"], row["provinceCode"], ALWAYS, EVE)
            if row["wardCode"]:
                yield _unit(row["wardCode"], 3, row["ward"], row["districtCode"], ALWAYS, EVE)

    def _new_communes(self) -> Iterator[Row]:
        for row in self.new:
            yield _unit(row["wardCode"], 3, row["ward"], row["provinceCode"], REFORM, None)

    def _province_links(self) -> Iterator[Row]:
        old = {row["provinceKey"]: row["provinceCode"] for row in self.old}
        new = {row["provinceKey"]: row["provinceCode"] for row in self.new}
        for heir, keys in self.links["DICT_PROVINCE"].items():
            if len(keys) > 1:
                yield from (_link(old[key], new[heir]) for key in keys)

    def _commune_links(self) -> Iterator[Row]:
        old = {_key(row): row["wardCode"] or row["districtCode"] for row in self.old}
        new = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in self.new}
        for province, communes in self.links["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for commune, keys in communes.items():
                yield from (_link(old[key], new[province, commune]) for key in keys)
        for province, divided in self.links["DICT_PROVINCE_WARD_DIVIDED"].items():
            for key, parts in divided.items():
                yield from _parts(
                    old[key], {new[province, p["newWardKey"]]: p["isDefaultNewWard"] for p in parts}
                )


KINDS = ("Tỉnh", "Thành phố", "Quận", "Huyện", "Thị xã", "Phường", "Xã", "Thị trấn", "Đặc khu")


def _parts(old: str, parts: dict[str, bool]) -> Iterator[Row]:
    for new, is_main in parts.items():
        yield _link(old, new, main=is_main)


def _key(row: sqlite3.Row) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def _unit(code: str, level: int, title: str, parent: str, begins: date, ends: date | None) -> Row:
    # A few titles are written “Thị Trấn”, so letters are compared without their case.
    kind = next(kind for kind in KINDS if title.lower().startswith(f"{kind.lower()} "))
    name = title[len(kind) + 1 :]
    return code, str(level), kind, name, parent, begins.isoformat(), ends.isoformat() if ends else r"\N"


def _link(old: str, new: str, *, main: bool = True) -> Row:
    return old, new, REFORM.isoformat(), "t" if main else "f"
