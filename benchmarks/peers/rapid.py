"""`rapidocr`, whose models this reader runs, as shipped: its own defaults but for one thread."""

from __future__ import annotations

from .reading import Read, Reading, Request


def load() -> Read:
    import cv2
    from rapidocr import RapidOCR

    threads = "EngineConfig.onnxruntime"
    engine = RapidOCR(
        params={f"{threads}.intra_op_num_threads": 1, f"{threads}.inter_op_num_threads": 1, "Global.log_level": "error"}
    )
    cv2.setNumThreads(1)

    def read(request: Request) -> Reading:
        found = engine(str(request.path))
        return Reading.of_text("" if found.boxes is None else "\n".join(found.txts))

    return read
