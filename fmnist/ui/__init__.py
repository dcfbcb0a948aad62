"""What the pages show: shared widgets, and a folder for each page that needs more than widgets.

NumPy's BLAS computes with one thread here, unless the environment says otherwise: many visitors share the processor,
and its threads wait for each other by spinning, which took three times the processor time. It reads the number once.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
