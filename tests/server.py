"""Loaded before anything else by pytest (`-p tests.server`): starts the one PostgreSQL all tests use."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

if "MOTCUA_TEST_SERVER" not in os.environ:
    from motcua.config.catalogue import compile_messages
    from motcua.config.embedded import Embedded

    os.environ.pop("MOTCUA_HOME", None)
    compile_messages()
    server = Embedded(Path(tempfile.gettempdir()) / f"motcua-{os.getuid()}", durable=False)
    server.drop(name for name in server.databases() if name.startswith("scratch_"))
    os.environ["MOTCUA_TEST_SERVER"] = os.environ["MOTCUA_DATABASE"] = server.uri("postgres")
