"""Programs of ours that open files of strangers: each in a process of its own, which may die and knows no secret."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from documents.reader import WALL_SECONDS

# Nothing of ours: a program that opens files of strangers knows no secret.
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
_PROJECT = Path(__file__).resolve().parent.parent


def run(module: str, *arguments: str, answer: IO[bytes] | int = subprocess.DEVNULL) -> int:
    """The exit code of a module of ours; it is killed with its children past its time."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=_PROJECT,
        env=ENVIRONMENT,
        start_new_session=True,
    )
    try:
        return process.wait(timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()
