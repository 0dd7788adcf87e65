"""`python -m chainsim`: the command line, without the current folder on the import path.

Python puts the current folder first when it is started with -m; a file numpy.py beside a scenario would then be run.
The installed command `chainsim` never had that door.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    if not sys.flags.safe_path and sys.path and os.path.realpath(sys.path[0]) == os.path.realpath(os.curdir):
        del sys.path[0]

    from chainsim.cli import main

    main()
