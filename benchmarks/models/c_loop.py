"""W1 and W2 in C: `event_loop.c`, compiled here with the system's compiler and called through ctypes.

Compiling is not timed: it is the work of another process. Start and memory are those of Python with ctypes.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from pathlib import Path

import workload as w
from measure import MEASURES, report
from workload import Workload

SOURCE = Path(__file__).parent / "event_loop.c"
COMMAND = ("cc", "-O3", "-march=native", "-shared", "-fPIC")
WHOLE = ("dcs", "stores_per_dc", "daily", "store_s", "store_q", "dc_s", "dc_q", "size_low", "size_high")
REAL = ("daily_mean", "gap", "stops", "warm_up", "bucket", "store_lead_time", "dc_lead_time", "lead_time_cv")


class Model(ctypes.Structure):
    _fields_ = [*((name, ctypes.c_int64) for name in WHOLE), *((name, ctypes.c_double) for name in REAL)]


class Measures(ctypes.Structure):
    _fields_ = [(name, ctypes.c_double) for name in MEASURES]


def library() -> ctypes.CDLL:
    """The compiled event loop, in this process. Raises SystemExit when there is no compiler, or it fails."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "event_loop.so"
        try:
            subprocess.run([*COMMAND, str(SOURCE), "-o", str(made), "-lm"], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"event_loop.c could not be compiled: {error}") from None
        return ctypes.CDLL(str(made))


def compiler() -> str:
    told = subprocess.run([COMMAND[0], "--version"], capture_output=True, text=True, check=True).stdout
    return told.splitlines()[0].split()[-1]


def build(workload: Workload, seed: int) -> tuple[Model, int]:
    model = Model(
        dcs=workload.dcs,
        stores_per_dc=workload.stores_per_dc,
        daily=workload.daily,
        store_s=w.STORE_S,
        store_q=w.STORE_Q,
        dc_s=workload.dc_s,
        dc_q=workload.dc_q,
        size_low=w.CUSTOMER_SIZES[0],
        size_high=w.CUSTOMER_SIZES[1],
        daily_mean=w.DAILY_MEAN,
        gap=w.CUSTOMER_GAP,
        stops=w.STOPS,
        warm_up=w.WARM_UP,
        bucket=w.BUCKET,
        store_lead_time=w.STORE_LEAD_TIME,
        dc_lead_time=w.DC_LEAD_TIME,
        lead_time_cv=w.LEAD_TIME_CV,
    )
    return model, seed


if __name__ == "__main__":
    simulate = library().simulate
    simulate.argtypes = [ctypes.POINTER(Model), ctypes.c_uint64, ctypes.POINTER(Measures)]
    simulate.restype = None

    def run(built: tuple[Model, int]) -> dict[str, float | None]:
        found = Measures()
        simulate(built[0], built[1], found)
        return {name: getattr(found, name) for name in MEASURES}

    report(build, run, ("cc", compiler()))
