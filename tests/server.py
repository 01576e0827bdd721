"""Loaded before anything else by pytest (`-p tests.server`): starts the one PostgreSQL all tests use."""

import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))


def tables_of(server):
    """The name of a database with all tables, made anew when a migration or a library changes; tests begin as copies of it."""
    files = [*sorted((ROOT / "src").rglob("migrations/*.py")), ROOT / "requirements.txt"]
    name = "tables_" + sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:20]
    if name not in server.databases():
        raw = f"raw_{os.getpid()}"
        server.create(raw)
        environment = {
            **os.environ,
            "MOTCUA_DATABASE": server.uri(raw),
            "DJANGO_SETTINGS_MODULE": "motcua.config.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        with collecting(environment):
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--verbosity=0"], env=environment, check=True
            )
        server.rename(raw, name)
    return name


@contextmanager
def collecting(environment):
    """Meanwhile, on another core, the tests are read once: pytest keeps them as it rewrites them, for all workers."""
    words = [sys.executable, "-m", "pytest", "--collect-only", "-qq", "-n", "0"]
    known = {**environment, "MOTCUA_TEST_SERVER": "none", "MOTCUA_TEST_TABLES": "none"}
    with subprocess.Popen(words, cwd=ROOT, env=known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        yield


if "MOTCUA_TEST_SERVER" not in os.environ:
    from motcua.config.catalogue import compile_messages
    from motcua.config.embedded import Embedded

    os.environ.pop("MOTCUA_HOME", None)
    compile_messages()
    server = Embedded(Path(tempfile.gettempdir()) / f"motcua-{os.getuid()}", durable=False)
    server.drop(name for name in server.databases() if name.startswith("scratch_"))
    os.environ["MOTCUA_TEST_TABLES"] = tables_of(server)
    os.environ["MOTCUA_TEST_SERVER"] = os.environ["MOTCUA_DATABASE"] = server.uri("postgres")
