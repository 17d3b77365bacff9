"""The clocks that a server sees, moved by the test: the machine's own are left alone.

Stepping the wall clock is what a wrong time server does; letting time pass moves the time since boot with it.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from tests.processes import missing
from tests.worlds import wall

SOURCE = Path(__file__).with_name("clocks_shim.c")
NANO = 1_000_000_000


class Clocks:
    """For every program that is started with `env`; offsets in seconds, none at first."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("gcc") is None:
            missing("gcc", "gcc libc6-dev")
        self._library, self._file = folder / "clocks.so", folder / "clocks"
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(self._library), str(SOURCE)],
            check=True,
        )  # fmt: skip
        self._step = self._passed = 0.0
        self._file.write_bytes(b"")
        self._tell()
        for path in (self._library, self._file):
            path.chmod(0o755)  # PostgreSQL runs as somebody else

    @property
    def env(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "CLOCKS_FILE": str(self._file)}

    def step(self, seconds: float) -> None:
        """The wall clock stands so far from the truth now; 0 sets it right."""
        self._step = seconds
        self._tell()

    def pass_by(self, seconds: float) -> None:
        """So much time passes at once, for both clocks."""
        self._passed += seconds
        self._tell()

    def now(self) -> datetime:
        """The true time where time passed by."""
        return wall() + timedelta(seconds=self._passed)

    def _tell(self) -> None:
        moved = struct.pack("=qq", round((self._step + self._passed) * NANO), round(self._passed * NANO))
        with self._file.open("r+b", buffering=0) as file:
            file.write(moved)
