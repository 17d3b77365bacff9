"""The process apart: one function, a database that it can only read, and an answer.

Run by its path. The package's own table of contents, which reads every page of every feature, is passed over:
no act needs it, and it costs more than most of them.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
import types
from pathlib import Path

LINE = 64
"""Bytes of the progress at the head of the answer, of a fixed length so that it can be written over."""


def main(patience: int) -> None:
    """Do what standard input asks for; the answer goes to standard output behind the line of progress."""
    os.nice(10)
    gc.disable()  # it ends with its answer: looking for garbage among millions of facts takes a third of it
    signal.alarm(patience + 5)  # the end of a process whose parent has died
    _pass_over_the_table_of_contents()
    from exam_server.reading import open_for_reading

    asked = json.loads(sys.stdin.buffer.read())
    module, _, name = asked["act"].partition(":")
    act = getattr(importlib.import_module(module), name)

    def report(done: int, total: int) -> None:
        os.pwrite(1, f"{done} {total}".ljust(LINE).encode(), 0)

    report(0, 0)
    answer = act(open_for_reading(asked["url"]), asked["arguments"], report)
    os.pwrite(1, json.dumps(answer).encode(), LINE)


def _pass_over_the_table_of_contents() -> None:
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here.parent))
    package = types.ModuleType("exam_server")
    package.__path__ = [str(here)]
    sys.modules["exam_server"] = package


if __name__ == "__main__":
    main(int(sys.argv[1]))
