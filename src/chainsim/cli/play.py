"""`chainsim play`: one person at the board of a serial scenario, policies in the other seats, in the terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table
from chainsim.errors import OutputError, UsageError

if TYPE_CHECKING:
    from chainsim.game.diary import Diary
    from chainsim.game.room import Room
    from chainsim.game.setting import Setting

GameArgument = Annotated[
    str,
    typer.Argument(
        metavar="GAME",
        help="A shipped scenario by name (beer-game), or a YAML file: a chain of sites.",
        show_default=False,
    ),
]
Periods = Annotated[
    Optional[int],  # noqa: UP045 (typer reads the annotation at run time)
    typer.Option(
        "--periods",
        metavar="N",
        help="How many orders a game has.  [default: the scenario's horizon]",
        show_default=False,
    ),
]
Absent = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--absent",
        metavar="POLICY",
        help="Policy of the scenario that orders for empty seats.  [default: its first that can]",
        show_default=False,
    ),
]
Folder = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--out", metavar="DIR", help="Folder of the game.  [default: results/<scenario>-game]", show_default=False
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the game of the folder.")]
TEAM = "You"


ONCE = ("periods", "absent", "sharing", "changes", "seed")
"""Parameters that a game has from its beginning."""


def play(
    context: typer.Context,
    game: GameArgument,
    role: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--role", metavar="SITE", help="Your seat.  [default: the one that customers buy from]", show_default=False
        ),
    ] = None,
    periods: Periods = None,
    absent: Absent = None,
    sharing: Annotated[bool, typer.Option("--sharing", help="See the whole chain, not your own seat only.")] = False,
    changes: options.Set = None,
    seed: options.Seed = None,
    out: Folder = None,
    resume: Resume = False,
    open_page: options.Open = False,
    page: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            "--page",
            metavar="FILE",
            help="Write the game as one HTML file that plays by itself, offline.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Play a supply chain from one seat; a policy plays the others.

    \b
    Example:
      chainsim play beer-game
      chainsim play beer-game --role factory --periods 36 --absent pout
      chainsim play serial_textbook --set time.bucket=1
      chainsim play beer-game --page game.html

    Orders are typed, one a period; 'q' stops, and --resume goes on. At the end: what it cost, and what every policy would have
    cost at the same customers; the folder holds moves, leaderboard and the page.
    """
    from chainsim.game import desk
    from chainsim.game.debrief import leaderboard, write_debrief
    from chainsim.game.setting import setting_of, shipped_or_file

    file = shipped_or_file(game)
    folder = out if out is not None else Path("results") / f"{file.stem}-game"
    if page is not None:
        away = ("role", "sharing", "out", "resume", "open_page")
        options.refuse_beside(context, "--page", away, "in the page the player takes any seat, and begins anew")
        setting = setting_of(file, periods=periods, changes=options.changes_of(changes), seed=seed)
        write_page(setting, absent, page)
        return
    if resume:
        options.refuse_beside(context, "--resume", ("role", *ONCE), "the game goes on as it was begun")
        room, diary = reopen(folder, file)
    else:
        setting = setting_of(file, periods=periods, changes=options.changes_of(changes), seed=seed)
        seat = role if role is not None else setting.roles[0]
        if seat not in setting.roles:
            raise UsageError(f"unknown role '{seat}'; known: {', '.join(setting.roles)}")
        opening = {"pace": "ready", "seconds": 60, "sharing": sharing, "code": "", "teacher": "", "teams": [TEAM]}
        room, diary = begin(setting, folder, policy=absent, **opening)
        for event in (desk.join(room, "You", desk.new_token(), TEAM, seat), desk.start(room)):
            diary.write(event)
            room.apply(event)
    if TEAM not in room.teams or not room.teams[TEAM].seats:
        raise UsageError(f"{folder} is the game of a class; go on with chainsim serve --resume")
    seat = next(iter(room.teams[TEAM].seats))
    say(
        f"{room.setting.scenario.title}. You are {seat}; '{room.policy}' plays {', '.join(r for r in room.setting.roles if r != seat)}."
    )
    if not _play(room, diary, seat):
        note(f"Stopped. Go on with: chainsim play {game} --resume --out {folder}")
        return
    say()
    head = ["place", "who", f"cost of the game, {room.setting.scenario.currency or 'money'}"]
    say(table(head, [[str(line.place), line.who, f"{line.cost:,.0f}"] for line in leaderboard(room)]))
    [page] = write_debrief(room, folder)
    note(f"Game: {folder}   Page: {page}")
    if open_page:
        from chainsim.cli.study import show

        show(page)


def write_page(setting: Setting, policy: str | None, file: Path) -> None:
    """The game as one file. Raises OutputError where there is a file already."""
    from chainsim.game.alone import alone

    if policy is not None:
        for role in setting.roles:
            setting.sitting_in(policy, role)
    text = alone(setting, policy or setting.sitters[0])
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise OutputError(f"{file} exists already. Choose another name.") from None
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror or error}.") from error
    note(f"Wrote {file}, {len(text) // 1000} kB: open it in any browser; nothing is loaded, nothing is sent.")


def begin(setting: Setting, folder: Path, *, policy: str | None, **opening: object) -> tuple[Room, Diary]:
    """A new room and its diary. Raises OutputError where the folder holds a game already."""
    from chainsim.game.diary import FILE, Diary
    from chainsim.game.room import opening_of, room_of

    if (folder / FILE).exists():
        raise OutputError(f"{folder} holds a game already. Go on with --resume, or name another folder with --out.")
    if policy is not None and policy not in setting.sitters:
        for role in setting.roles:
            setting.sitting_in(policy, role)  # says why it cannot
    event = opening_of(setting, policy=policy or setting.sitters[0], **opening)
    room = room_of([event])
    try:
        diary = Diary(folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror or error}.") from error
    diary.write(event)
    return room, diary


def reopen(folder: Path, file: Path) -> tuple[Room, Diary]:
    """The room of a folder, as its diary left it. file: the scenario that is to be gone on with. Raises UsageError where the
    folder's game is of another."""
    from chainsim.game.diary import Diary, events
    from chainsim.game.room import room_of

    room = room_of(events(folder))
    if room.setting.name != file.name:
        raise UsageError(f"{folder} is a game of {room.setting.name}, not of {file.name}; name that, or another --out")
    return room, Diary(folder)


def _play(room: Room, diary: Diary, seat: str) -> bool:
    """Period after period; False when the player stops."""
    from chainsim.game import desk, sight

    team = room.teams[TEAM]
    while team.board.record is None:
        if seat not in team.board.on_turn:
            events = [desk.advance_of(team)]
        else:
            say()
            say(_told(sight.of_player(room, team, seat)))
            events = _asked(lambda quantity: desk.order(room, TEAM, seat, team.board.period, quantity))
            if not events:
                return False
        for event in events:
            diary.write(event)
            room.apply(event)
    return True


def _asked(order: Callable[[float], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The events of an order, asked for until there is one that can be placed; none to stop."""
    from chainsim.game.desk import Refused

    while True:
        sys.stdout.write("Your order ('q' to stop): ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        text = line.strip()
        if not line:
            say()  # the question stands on this line
        if not line or text.lower() in ("q", "quit", "exit"):
            return []
        try:
            quantity = float(text)
        except ValueError:
            quantity = math.nan
        if not math.isfinite(quantity):
            from chainsim.scenario.render import escape

            say(f"'{escape(text[:40])}' is no number; type how many units you order, 0 for none.")
            continue
        try:
            return order(quantity)
        except Refused as refused:
            say(f"{refused}.")


def _told(shown: dict[str, object]) -> str:
    """What the player sees, in a few lines."""
    week: dict[str, float] = shown["week"]  # type: ignore[assignment]
    below = shown["below"] or "customers"
    stock, owed = max(week["net_stock"], 0.0), abs(min(week["net_stock"], 0.0))
    unit = str(shown["unit"]).capitalize()
    lines = [
        f"{unit} {shown['period']} of {shown['periods']}   cost so far {shown['cost']:,.0f} {shown['currency']}".rstrip(),
        f"  {below} ordered {week['demand']:g}; you received {week['received']:g}",
        f"  in stock {stock:g}, owed {owed:g}; on order {week['on_order']:g}, of which {week['in_transit']:g} on the way",
    ]
    chain: list[dict[str, object]] = shown.get("chain", [])  # type: ignore[assignment]
    lines += [f"  {each['role']}: net stock {each['net_stock']:g}, on order {each['on_order']:g}" for each in chain]
    return "\n".join(lines)
