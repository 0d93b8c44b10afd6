"""Networks as ONNX files inside installed packages, run by onnxruntime on one thread."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def of_rapidocr(name: str) -> Path:
    """A model of the package `rapidocr`, found without importing it, which would load all of it."""
    from importlib.util import find_spec

    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RuntimeError("the package `rapidocr`, whose models are read, is not installed")
    return Path(spec.origin).parent / "models" / name


def session(path: Path, *, arena: bool) -> Any:
    """`arena` keeps memory between runs, which saves page faults."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    # a plan of the memory for each shape of input, and every page has another: 300 MB more after a few of them
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
