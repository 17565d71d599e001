"""PyMuPDF with its layout models on one thread: import it from here, and before anything else does.

``import pymupdf`` loads its ONNX models. The threads of a session do not survive a fork, and every conversion
is a fork of a process that has imported this; a session without threads of its own works there.
"""

from typing import Any

import onnxruntime  # type: ignore[import-not-found]


class _OneThread(onnxruntime.SessionOptions):  # type: ignore[misc]
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.intra_op_num_threads = 1
        self.inter_op_num_threads = 1


_default, onnxruntime.SessionOptions = onnxruntime.SessionOptions, _OneThread
try:
    import pymupdf  # type: ignore[import-not-found]
finally:
    onnxruntime.SessionOptions = _default

__all__ = ["pymupdf"]
