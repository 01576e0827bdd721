"""A backup of the receiving node's database, made while messages go on, is put back later: as the operator's guide says."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg

from motcua.config.faults.strikes import RECIPIENT, SENDER, Scene
from motcua.lib.waiting import until

FROM, OLD = (0.05, 0.12), 0.03  # of all messages: after how many it is made, and how many later put back
PATIENCE = 900.0
WORDS = "the receiving node's database put back to a backup"
NEWEST = "SELECT coalesce(max(number), 0) FROM exchange_batch"
HELD = f"SELECT coalesce(max(number), 0) FROM exchange_peerhead WHERE node = '{RECIPIENT}'"  # noqa: S608 — our own word
RECOVERIES = """
SELECT count(*) FILTER (WHERE finished_at IS NOT NULL AND silent = '{}'),
       coalesce(sum(last - first + 1), 0), coalesce(sum(received), 0) FROM exchange_recovery
"""


class Restoring:
    """Once in a storm."""

    def __init__(self, scene: Scene, folder: Path, messages: int) -> None:
        self.scene, self.file, self.messages = scene, folder / "backup", messages
        self.begins = int(messages * scene.chance.uniform(*FROM))
        self.dump: subprocess.Popen[bytes] | None = None
        self.newest: int | None = None  # head of the node's log when the backup was whole
        self.is_over = False

    def look(self, acknowledged: int, quieten: Callable[[], None]) -> None:
        """Begin the backup when it is time, put it back when it is old enough; `quieten` ends what else would hinder that."""
        if self.is_over or acknowledged < self.begins:
            return
        said = self.dump.poll() if self.dump else 1
        if said:  # not begun, or the database fell meanwhile
            self.begins = acknowledged
            self.dump = subprocess.Popen(
                [
                    self._program("pg_dump"),
                    "--format=custom",
                    "--compress=0",
                    f"--file={self.file}",
                    self._uri,
                ],
                stderr=subprocess.DEVNULL,
            )
        elif said == 0 and self.newest is None:
            self.newest = self.scene.count(RECIPIENT, NEWEST)
        elif said == 0 and acknowledged >= self.begins + self.messages * OLD and self._is_old():
            quieten()
            self._put_back()
            self.scene.done[WORDS] += 1
            self.is_over = True

    def _is_old(self) -> bool:
        """Whether the sender holds a later head of the node than the backup has: if nobody did, nothing would be lost."""
        held = self.scene.count(SENDER, HELD)
        return held is not None and self.newest is not None and held > self.newest

    def _put_back(self) -> None:
        """The node stands still meanwhile; the database server is kept up by whoever does so."""
        supervisor = self.scene.country.supervisor
        ours = supervisor.stop_those_of(self.scene.country.home / RECIPIENT)
        until(
            self._is_put_back,
            patience=PATIENCE,
            meanwhile=supervisor.reap,
            otherwise=lambda: TimeoutError("The backup cannot be put back."),
            pause=0.5,
        )
        for process in ours:
            supervisor.start(process)
        self.file.unlink()

    def _is_put_back(self) -> bool:
        postgres = self.scene.country.postgres
        assert postgres  # noqa: S101 — a country that runs has one
        try:
            postgres.drop([RECIPIENT])
            postgres.create(RECIPIENT)
        except psycopg.Error:
            return False
        restored = [str(self._program("pg_restore")), "--no-owner", "--jobs=2", "--exit-on-error"]
        command = [*restored, f"--dbname={self._uri}", str(self.file)]
        return not subprocess.run(command, check=False).returncode

    def _program(self, name: str) -> Path:
        postgres = self.scene.country.postgres
        assert postgres  # noqa: S101 — as above
        return Path(postgres.server.bin_path) / name

    @property
    def _uri(self) -> str:
        return self.scene.uri(RECIPIENT)

    def told(self) -> tuple[int, int, int]:
        """How many recoveries came to their end having heard everyone; how many entries were lost, how many messages came back."""
        with psycopg.connect(self._uri) as connection:
            row = connection.execute(RECOVERIES).fetchone()
        assert row  # noqa: S101 — it counts
        return int(row[0]), int(row[1]), int(row[2])
