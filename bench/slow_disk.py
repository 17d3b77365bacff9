"""How much of the durable rate is kept when the disk's fsync is five milliseconds slower."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figures import BenchError, ratios
from bench.saves import SAVED, candidates
from bench.stage import Stage
from bench.windows import in_turn

SOURCE = Path(__file__).parent / "slow_fsync.c"
PROOF = """
import os, tempfile, time
with tempfile.TemporaryFile() as file:
    file.write(b"x"); file.flush()
    began = time.monotonic(); os.fsync(file.fileno()); os.fdatasync(file.fileno())
    raise SystemExit(0 if time.monotonic() - began >= 0.01 else 1)
"""


async def measure(stage: Stage) -> None:
    """`sqlite.slow_fsync_keep`; left out where no C compiler is."""
    key = f"{stage.mode}.sqlite.slow_fsync_keep"
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        stage.report.leave_out(key, "no C compiler for the slow disk (apt-get install gcc libc6-dev)")
        return
    with tempfile.TemporaryDirectory() as folder:
        shim = _compile(compiler, Path(folder) / "slow_fsync.so")
        rates = await _rates(stage, shim)
    stage.report.add(key, ratios(rates["slow"], rates["fast"]), "of the rate kept")


async def _rates(stage: Stage, shim: Path) -> dict[str, list[float]]:
    arena, count = stage.arenas["sqlite"], stage.lengths.clients
    with contextlib.ExitStack() as running:
        fast = stage.exam(running, arena)
        slow = stage.exam(running, arena, {"LD_PRELOAD": str(shim)})
        crowds = [
            await candidates(name, server.url, arena, count, real=True, sign=SAVED)
            for name, server in (("fast", fast), ("slow", slow))
        ]
        rates = await in_turn(crowds, stage.lengths.rounds, stage.lengths.seconds)
        for crowd in crowds:
            crowd.close()
    return rates


def _compile(compiler: str, shim: Path) -> Path:
    """The shim, proved to slow down; raises BenchError."""
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(shim), str(SOURCE), "-ldl"], check=True)
    proof = subprocess.run(
        [sys.executable, "-c", PROOF], env={**os.environ, "LD_PRELOAD": str(shim)}, check=False
    )
    if proof.returncode:
        raise BenchError("the shim does not slow fsync down")
    return shim
