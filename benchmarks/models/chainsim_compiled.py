"""chainsim_w1.py on the compiled engine, which needs numba."""

from __future__ import annotations

from chainsim_w1 import main

if __name__ == "__main__":
    main("compiled")
