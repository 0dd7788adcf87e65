"""A folder that installs chainsim without a network: wheels for one platform and one Python, and a script to double-click.

Nothing is compiled and nobody needs rights: the script makes an environment inside the folder and installs the wheels there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from textwrap import dedent

from chainsim.errors import OutputError, UsageError
from chainsim.registry import did_you_mean
from chainsim.version import __version__

PLATFORMS: dict[str, tuple[str, ...]] = {
    "windows": ("win_amd64",),
    "macos": tuple(f"macosx_{v}_0_{cpu}" for v in (11, 12, 13, 14) for cpu in ("arm64", "universal2")),
    "macos-intel": tuple(f"macosx_{v}_{cpu}" for v in ("10_9", "10_12", "10_13", "10_15", "11_0", "12_0") for cpu in ("x86_64", "universal2")),
    "linux": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"),
}  # fmt: skip
"""Tags of wheels that run on each, those for the oldest systems first: pip takes the first that there is."""
ONLY_THERE = {"windows": ("colorama", "tzdata")}
"""What packages ask for on one platform only: pip looks at such conditions as they are on the machine that it runs on."""
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
WHEELS = "wheels"
_SYSTEM = re.compile(r"(macosx|manylinux)_(\d+)_(\d+)_")
_EXTRA = re.compile(r"""extra == ["']([^"']+)["']""")
MEGA = 1e6
SERVE, FAST = "serve", "fast"
"""Extras of the package: what lets a class play, which is small and always there; the compiled engine."""


@dataclass(frozen=True)
class Bundle:
    """A folder that was made, and its size in bytes."""

    folder: Path
    start: str
    size: int


def make_bundle(
    folder: Path,
    platform: str,
    python: str,
    *,
    wheel: Path | None = None,
    fast: bool = False,
    constraints: Path | None = None,
    run: Callable[[Sequence[str]], None] | None = None,
) -> Bundle:
    """Download the wheels of everything chainsim needs, and write the scripts.

    wheel: chainsim's own; without one it is built from the checkout chainsim runs from. fast: with numba. constraints: versions, as
    pip takes them. run: what runs pip (a subprocess), for tests.

    Raises UsageError, and OutputError when the folder is there already or pip fails, with the last it said.
    """
    if platform not in PLATFORMS:
        raise UsageError(
            f"unknown platform '{platform}'{did_you_mean(platform, list(PLATFORMS))}; known: {', '.join(PLATFORMS)}"
        )
    if python not in PYTHONS:
        raise UsageError(f"unknown Python '{python}'; known: {', '.join(PYTHONS)}")
    run = run or pip
    source = None if wheel is not None else checkout()
    try:
        (folder / WHEELS).mkdir(parents=True)
    except OSError as error:
        raise OutputError(
            f"{folder / WHEELS} cannot be made: {error.strerror or error}. Choose another --out."
        ) from error
    if source is not None:
        run(["wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder / WHEELS), str(source)])
    else:
        assert wheel is not None
        (folder / WHEELS / wheel.name).write_bytes(wheel.read_bytes())
    extras = (SERVE, FAST) if fast else (SERVE,)
    run(download(folder / WHEELS, platform, python, needed(extras), constraints))
    start = write_scripts(folder, platform, python, extras)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Bundle(folder, start, size)


def download(
    wheels: Path, platform: str, python: str, requirements: Sequence[str], constraints: Path | None = None
) -> list[str]:
    """The arguments of pip that fetch wheels for another machine than this one."""
    tags = [word for tag in PLATFORMS[platform] for word in ("--platform", tag)]
    fixed = ["--constraint", str(constraints)] if constraints is not None else []
    return [
        "download", "--quiet", "--only-binary", ":all:", "--implementation", "cp", "--python-version", python, *tags,
        "--dest", str(wheels), *fixed, *requirements, *ONLY_THERE.get(platform, ()),
    ]  # fmt: skip


def needed(extras: Sequence[str]) -> list[str]:
    """What chainsim needs with these extras, as its package says."""
    try:
        told = requires("chainsim") or []
    except PackageNotFoundError:
        raise UsageError("chainsim is not installed as a package here, so it is not known what it needs") from None
    found = []
    for line in told:
        wanted, _, condition = line.partition(";")
        extra = _EXTRA.search(condition)
        if extra is None or extra[1] in extras:
            found.append(line if extra is None else wanted.strip())
    return found


def checkout() -> Path:
    """The project that chainsim runs from. Raises UsageError for an installed package."""
    root = Path(__file__).parents[3]
    if not (root / "pyproject.toml").is_file():
        raise UsageError(
            "chainsim is installed here, so its own wheel cannot be built: pass --wheel chainsim-….whl, as you installed it"
        )
    return root


def pip(arguments: Sequence[str]) -> None:
    """Run pip of this Python. Raises OutputError with the last lines it said."""
    done = subprocess.run([sys.executable, "-m", "pip", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-4:])
        raise OutputError(f"pip {arguments[0]} failed:\n{said}")


def write_scripts(folder: Path, platform: str, python: str, extras: Sequence[str] = (SERVE,)) -> str:
    """The script to double-click, which installs chainsim with these extras, and a note; returns the script's name."""
    name = {"windows": "start.bat", "linux": "start.sh"}.get(platform, "start.command")
    package = f"chainsim[{','.join(extras)}]"
    text = _windows(python, package) if platform == "windows" else _unix(python, package)
    ends = "\r\n" if platform == "windows" else "\n"
    with (folder / name).open("w", encoding="utf-8", newline=ends) as stream:
        stream.write(text)
    (folder / name).chmod(0o755)
    with (folder / "README.txt").open("w", encoding="utf-8", newline=ends) as stream:
        stream.write(_note(name, platform, python, oldest_system(p.name for p in (folder / WHEELS).glob("*.whl"))))
    return name


def oldest_system(wheels: Iterable[str]) -> str:
    """The oldest system that all wheels run on, in words; '' where their names do not say.

    >>> oldest_system(["numpy-2.5-cp312-cp312-macosx_14_0_arm64.whl", "pillow-13-cp312-cp312-macosx_11_0_arm64.whl"])
    'macOS 14.0 or later'
    >>> oldest_system(["a-1-cp312-cp312-manylinux2014_x86_64.manylinux_2_17_x86_64.whl", "b-1-py3-none-any.whl"])
    'a Linux with glibc 2.17 or later'
    """
    said = ((_SYSTEM.findall(name.replace("manylinux2014", "manylinux_2_17"))) for name in wheels)
    least = [min((int(major), int(minor), kind) for kind, major, minor in tags) for tags in said if tags]
    if not least:
        return ""
    major, minor, kind = max(least)
    return f"{'macOS' if kind == 'macosx' else 'a Linux with glibc'} {major}.{minor} or later"


def _note(name: str, platform: str, python: str, system: str) -> str:
    system = f"{system}, and " if system else ""
    return dedent(f"""\
        chainsim {__version__} for {platform}, Python {python}, without a network

        1. Copy this folder to the machine (not onto a network share: an environment is made inside it).
        2. Double-click {name}. The first time it makes an environment in the folder and installs chainsim there, in about a minute; nothing
           else on the machine is changed, and no rights are needed. Then a window with chainsim is open.
        3. Type: chainsim lesson list

        Needed on the machine: {system}Python {python} (python.org has an installer that works "for me only", without an administrator).
        To remove everything: delete the folder.
        """)


def _windows(python: str, package: str) -> str:
    return dedent(f"""\
        @echo off
        rem chainsim without a network: an environment in this folder, then a window in which chainsim works
        cd /d "%~dp0"
        if not exist "env\\Scripts\\chainsim.exe" (
            echo Installing chainsim into this folder, about a minute ...
            py -{python} -m venv env 2>nul || python -m venv env || goto no_python
            env\\Scripts\\python -m pip install --quiet --no-index --find-links {WHEELS} "{package}" || goto failed
        )
        set "PATH=%CD%\\env\\Scripts;%PATH%"
        set PYTHONUTF8=1
        echo.
        echo chainsim is ready. Try:  chainsim lesson list   or   chainsim demo
        cmd /k
        exit /b 0
        :no_python
        echo Python {python} was not found. Install it for yourself from python.org (no administrator needed), then start again.
        pause
        exit /b 1
        :failed
        echo The installation failed. Is Python {python} the one that was found? Delete the folder "env", then start again.
        pause
        exit /b 1
        """)


def _unix(python: str, package: str) -> str:
    return dedent(f"""\
        #!/bin/sh
        # chainsim without a network: an environment in this folder, then a shell in which chainsim works
        cd "$(dirname "$0")" || exit 1
        if [ ! -x env/bin/chainsim ]; then
            echo "Installing chainsim into this folder, about a minute ..."
            python=$(command -v python{python} || command -v python3) || {{ echo "Python {python} was not found."; exit 1; }}
            "$python" -m venv env &&
            env/bin/python -m pip install --quiet --no-index --find-links {WHEELS} "{package}" || {{
                echo "The installation failed. Is $python Python {python}? Delete the folder env, then start again."; exit 1; }}
        fi
        PATH="$PWD/env/bin:$PATH"; export PATH
        [ $# -gt 0 ] && exec "$@"
        echo "chainsim is ready. Try:  chainsim lesson list   or   chainsim demo"
        exec "${{SHELL:-sh}}"
        """)
