"""Limits of the kernel, tried in processes that may die of them."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from ocrchat.confinement import cpu_limit


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    head = "from ocrchat.confinement import cpu_limit, limit_process\nlimit_process(50_000_000, 1_000)\n"
    return subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(program)], cwd=folder, capture_output=True, text=True, check=False
    )


def test_memory_beyond_the_limit_is_not_given(tmp_path: Path) -> None:
    done = run("bytearray(10_000_000)\ntry: bytearray(60_000_000)\nexcept MemoryError: print('none')", tmp_path)
    assert done.stdout == "none\n"


def test_the_limit_does_not_grow_with_what_is_taken(tmp_path: Path) -> None:
    program = "kept = bytearray(40_000_000)\nlimit_process(50_000_000, 1_000)\nbytearray(40_000_000)"
    assert "MemoryError" in run(program, tmp_path).stderr


def test_a_file_is_not_written_beyond_the_limit(tmp_path: Path) -> None:
    done = run("with open('long', 'wb', 0) as file:\n    file.write(bytes(1_000)), file.write(b'1')", tmp_path)
    assert "File too large" in done.stderr
    assert (tmp_path / "long").stat().st_size == 1_000


def test_a_process_that_calculates_without_end_is_ended(tmp_path: Path) -> None:
    assert run("with cpu_limit(0.1):\n    while True: pass", tmp_path).returncode == -signal.SIGPROF


def test_an_inner_limit_takes_from_the_outer_one() -> None:
    with cpu_limit(1_000):
        with cpu_limit(2_000):
            assert signal.getitimer(signal.ITIMER_PROF)[0] <= 1_000.1
        with cpu_limit(500):
            assert signal.getitimer(signal.ITIMER_PROF)[0] <= 500.1
        assert 900 < signal.getitimer(signal.ITIMER_PROF)[0] <= 1_000.1
    with pytest.raises(LookupError), cpu_limit(1_000):
        raise LookupError
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0


def test_what_was_taken_before_does_not_count(tmp_path: Path) -> None:
    """However long a process has lived."""
    program = """
        import time
        while time.process_time() < 1.5: pass
        for _ in range(20):
            with cpu_limit(0.5):
                pass
        print("lives")
    """
    assert run(program, tmp_path).stdout == "lives\n"
