"""`chainsim serve`: teams of a class play a serial scenario over the network of their room."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated, Optional

import typer

from chainsim.cli import options
from chainsim.cli.console import note, say
from chainsim.cli.play import ONCE, Absent, Folder, GameArgument, Periods, Resume, begin, reopen
from chainsim.errors import MissingPartError, UsageError
from chainsim.showing import counted

NEEDS = "chainsim serve needs Starlette, uvicorn and websockets: pip install 'chainsim[serve]'"


def serve(
    context: typer.Context,
    game: GameArgument,
    teams: Annotated[int, typer.Option("--teams", metavar="N", help="How many teams there are.")] = 4,
    names: Annotated[
        Optional[str],  # noqa: UP045 (typer reads the annotation at run time)
        typer.Option("--names", metavar="A,B", help="Names of the teams, in place of --teams.", show_default=False),
    ] = None,
    periods: Periods = None,
    pace: Annotated[
        str,
        typer.Option("--pace", metavar="WHO", help="teacher, ready (a team whose players have all ordered) or timer."),
    ] = "ready",
    seconds: Annotated[
        int, typer.Option("--seconds", metavar="N", help="Of the timer, which then orders for the slow.")
    ] = 60,
    sharing: Annotated[bool, typer.Option("--sharing", help="Teams see their whole chain.")] = False,
    absent: Absent = None,
    changes: options.Set = None,
    seed: options.Seed = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen at; 127.0.0.1: this computer only.")
    ] = "0.0.0.0",
    port: Annotated[int, typer.Option("--port", metavar="N", help="Port to listen at.", min=1, max=65535)] = 8000,
    out: Folder = None,
    resume: Resume = False,
) -> None:
    """Let a class play: every team a chain, phones join by a code, absent roles are played by a policy.

    \b
    Example:
      chainsim serve beer-game --teams 8 --periods 36
      chainsim serve beer-game --pace timer --seconds 45 --set "demand[0].step.factor=3"
      chainsim serve beer-game --resume

    Prints the address for the class and the teacher's own. Everything is kept in the folder as it happens: a server that was
    stopped goes on with --resume, and browsers come back by themselves.
    """
    try:
        import segno
        import uvicorn
        import websockets  # noqa: F401 (uvicorn finds it)

        from chainsim.game.serve.app import LONGEST_MESSAGE, app_of
    except ImportError:
        raise MissingPartError(NEEDS) from None
    from chainsim.game import desk
    from chainsim.game.room import PACES
    from chainsim.game.serve.hall import Hall
    from chainsim.game.setting import setting_of, shipped_or_file

    file = shipped_or_file(game)
    folder = out if out is not None else Path("results") / f"{file.stem}-class"
    if pace not in PACES:
        raise UsageError(f"--pace: unknown '{pace}'; known: {', '.join(PACES)}")
    if not desk.SECONDS[0] <= seconds <= desk.SECONDS[1]:
        raise UsageError(f"--seconds: between {desk.SECONDS[0]} and {desk.SECONDS[1]}, not {seconds}")
    if names is not None:
        options.refuse_beside(context, "--names", ("teams",), "the names say how many teams there are")
    token = desk.new_token()
    with listening(host, port) as door:  # before anything is written
        if resume:
            away = ("teams", "names", "pace", "seconds", *ONCE)
            options.refuse_beside(
                context, "--resume", away, "the game goes on as it was begun; pace and timer are the teacher's"
            )
            room, diary = reopen(folder, file)
            if not room.code:
                raise UsageError(f"{folder} is the game of one person; go on with chainsim play --resume")
            event = {"kind": "teacher", "token": desk.hashed(token)}
            diary.write(event)
            room.apply(event)
        else:
            chosen = desk.team_names(names.split(",") if names else teams)
            setting = setting_of(file, periods=periods, changes=options.changes_of(changes), seed=seed)
            opening = {"pace": pace, "seconds": seconds, "sharing": sharing, "teams": chosen}
            room, diary = begin(
                setting, folder, policy=absent, code=desk.new_code(), teacher=desk.hashed(token), **opening
            )
        address = f"http://{own_address() if host == '0.0.0.0' else host}:{port}/"
        invitation = f"{address}?code={room.code}"
        code = segno.make(invitation, micro=False)
        hall = Hall(room, diary, address, ["".join(map(str, line)) for line in code.matrix])
        hall.find_pages()
        say(f"{room.setting.scenario.title}: {counted(len(room.teams), 'team')}, {', '.join(room.setting.roles)}")
        say(f"For the class:   {invitation}   (code {room.code})")
        say(f"For the teacher: {address}#teacher={token}")
        note(
            f"Everything is kept in {folder}. Stop with Ctrl-C; go on with: chainsim serve {game} --resume --out {folder}"
        )
        server = uvicorn.Server(
            uvicorn.Config(
                app_of(hall), host=host, port=port, log_level="warning", ws="websockets-sansio", ws_max_size=LONGEST_MESSAGE,
                ws_ping_interval=20, ws_ping_timeout=20, lifespan="on", server_header=False,
                ws_per_message_deflate=False,  # packing takes longer than the class network does
            )
        )  # fmt: skip
        try:
            server.run(sockets=[door])
        except KeyboardInterrupt:
            pass  # how a class ends
        finally:
            diary.sync()
            diary.close()
        note(f"Stopped. Tables and pages: chainsim debrief {folder}")


def listening(host: str, port: int) -> socket.socket:
    """The door of the room. Raises UsageError where it cannot be opened."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; is another game open? Take another --port, or --host"
        ) from None


def own_address() -> str:
    """This computer's address in its network; that of itself where it has none. Nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("10.255.255.255", 1))
            return str(probe.getsockname()[0])
    except OSError:
        return "127.0.0.1"
