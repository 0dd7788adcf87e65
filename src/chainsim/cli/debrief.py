"""`chainsim debrief`: tables and pages of a game that was played."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say, table

if TYPE_CHECKING:
    from chainsim.game.causes_told import Looks

FEW = 2
"""Teams whose roles are told one by one."""


def debrief(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a game.", show_default=False)],
    teams: Annotated[
        Optional[list[str]],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option("--team", metavar="NAME", help="Only this team; may be repeated.", show_default=False),
    ] = None,
    no_pages: Annotated[bool, typer.Option("--no-pages", help="Leaderboard and tables only, no slides.")] = False,
    open_page: options.Open = False,
) -> None:
    """Look back at a game: leaderboard, tables of all moves, slides, and each team's page.

    \b
    Example:
      chainsim debrief results/beer_game-class --open
      chainsim debrief results/beer_game-class --team "Team 3"

    A team's page is the ordinary one: its orders, replayed as policy 'plan', beside the policies at the same customers.
    slides.html is for the room: curves of every team, the whip, the causes.
    """
    from chainsim.game.causes_told import looks_of
    from chainsim.game.debrief import check_teams, leaderboard, write_debrief, write_tables
    from chainsim.game.diary import events
    from chainsim.game.room import room_of
    from chainsim.game.slides import write_slides

    if no_pages:
        options.refuse_beside(context, "--no-pages", ("teams", "open_page"), "there are no pages then")
    room = room_of(events(folder))
    check_teams(room, teams or ())
    rows = [
        [
            str(line.place),
            line.who,
            line.kind,
            f"{line.cost:,.0f}",
            "–" if line.bullwhip is None else f"{line.bullwhip:.1f}",
        ]
        for line in leaderboard(room)
    ]
    say(table(["place", "who", "", "cost", "bullwhip"], rows))
    looks = looks_of(room)
    _tell_causes({name: look for name, look in looks.items() if not teams or name in teams})
    if no_pages:
        write_tables(room, folder, looks)
        return
    pages = write_debrief(room, folder, teams, note, looks)
    shown = write_slides(room, folder, looks)
    note(f"Tables: {folder}   Slides: {shown}   Pages: {', '.join(map(str, pages))}")
    if open_page:
        from chainsim.cli.study import show

        show(pages[0])


def _tell_causes(looks: Looks) -> None:
    """What the orders cost, cause by cause; the roles of one team or two, of more they are in a table."""
    from chainsim.game.causes_told import causes_rows, habit_rows, sentences

    rows = causes_rows(looks)
    if not rows:
        return
    say("")
    say(table(["team", "as played", "by its rule", "all on order seen", "best policy"], rows))
    if len(rows) > FEW:
        note("How every role ordered, and what it cost: habits.csv.")
        return
    for name, look in looks.items():
        if look.roles:
            say("")
            say(
                table(
                    ["role", "on order seen", "explained", "most on order, of needed", "not seeing all cost"],
                    habit_rows(look),
                )
            )
        for words in sentences(name, look):
            say(words)
