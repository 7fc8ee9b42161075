"""numpy, as this program loads it: `from studio.engines.arrays import np`.

numpy's matrix library starts a thread for each core and lets them spin. For one short sentence that
costs more than it brings, and five times the time when other programs use the cores, so the library is
told to take one. It reads the word once, when numpy is loaded: here, for this module is where the
program loads it. The word is taken back at once, so that child processes choose for themselves.
"""

import os

_WORDS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_unset = [word for word in _WORDS if word not in os.environ]
for _word in _unset:
    os.environ[_word] = "1"
try:
    import numpy as np
    from numpy.typing import NDArray
finally:
    for _word in _unset:
        del os.environ[_word]

__all__ = ["NDArray", "np"]
