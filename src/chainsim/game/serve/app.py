"""The room as a web application (Starlette): the page, the websockets, the pages of the debrief."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from chainsim.game.debrief import SLIDES
from chainsim.game.desk import same
from chainsim.game.serve.hall import MOST_CONNECTIONS, TEACHER, Connection, Hall
from chainsim.game.serve.page import headers, page

TICK, SYNC = 0.25, 1.0
"""Seconds between two looks at the timers; between two times that the diary is brought to the disk."""
LONGEST_MESSAGE = 4096
SLOW = 10.0
"""Seconds after which a browser that does not take what it is sent is let go; it comes back."""
TEACHER_PAUSE = 0.25
"""The teacher's screen is drawn again at most so often."""


def app_of(hall: Hall) -> Starlette:
    """The application of one room."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        clock = asyncio.create_task(_clock(hall))
        yield
        clock.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await clock

    async def home(request: Request) -> Response:
        return HTMLResponse(page(), headers=headers(request.headers.get("host", "")))

    async def socket(websocket: WebSocket) -> None:
        await _serve(hall, websocket)

    async def looked_back(request: Request) -> Response:
        team, folder = request.path_params["team"], hall.diary.folder
        page = folder / SLIDES if team == "slides" else folder / "debrief" / team / "report.html"
        known = hall.pages.values()
        if request.url.path not in known or not same(hall.key, request.path_params["key"]):
            return PlainTextResponse("There is nothing here.", status_code=404)
        return FileResponse(page, media_type="text/html", headers={"Cache-Control": "no-store"})

    routes = [
        Route("/", home),
        WebSocketRoute("/socket", socket),
        Route("/debrief/{key}/{team}", looked_back),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


async def _serve(hall: Hall, websocket: WebSocket) -> None:
    """One browser, from its coming to its going."""
    origin, host = websocket.headers.get("origin"), websocket.headers.get("host", "")
    if origin is not None and origin.partition("://")[2] != host:
        await websocket.close(4403)  # a page of somebody else's talks through this browser
        return
    if len(hall.connections) >= MOST_CONNECTIONS:
        await websocket.close(4429)
        return
    await websocket.accept()
    connection = Connection()
    hall.connections.add(connection)
    teller = asyncio.create_task(_tell(hall, connection, websocket))
    try:
        while True:
            text = await websocket.receive_text()
            if text == '{"do":"debrief"}' and connection.who == TEACHER:
                await _debrief(hall, connection)
            elif not hall.hear(connection, text):
                await websocket.close(4400)
                return
    except (WebSocketDisconnect, KeyError, RuntimeError):
        pass  # gone, or it sent bytes
    finally:
        hall.connections.discard(connection)
        teller.cancel()
        _notice(hall)


async def _debrief(hall: Hall, connection: Connection) -> None:
    """Pages of the teams that have finished, by a process of their own: the players go on meanwhile."""
    command = (sys.executable, "-m", "chainsim", "debrief", str(hall.diary.folder))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, stderr=asyncio.subprocess.PIPE)
    _, said = await process.communicate()
    if process.returncode:
        connection.reply(show="refused", text=said.decode(errors="replace").strip()[-300:])
    hall.find_pages()
    connection.changed.set()


async def _tell(hall: Hall, connection: Connection, websocket: WebSocket) -> None:
    """Show a browser what changed: replies first, then the newest state; what it missed in between it need not see."""
    try:
        while True:
            await connection.changed.wait()
            connection.changed.clear()
            for text in hall.told(connection):
                async with asyncio.timeout(SLOW):
                    await websocket.send_text(text)
            if connection.who == TEACHER:
                await asyncio.sleep(TEACHER_PAUSE)
    except (WebSocketDisconnect, RuntimeError, TimeoutError, OSError):
        pass
    finally:  # whatever happened: a browser that is told nothing comes back
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await websocket.close(4408)


def _notice(hall: Hall) -> None:
    """The teacher sees who is there."""
    for connection in hall.connections:
        if connection.who == TEACHER:
            connection.changed.set()


async def _clock(hall: Hall) -> None:
    """Order for the slow, and bring the diary to the disk."""
    since_sync = 0.0
    while True:
        await asyncio.sleep(TICK)
        hall.tick()
        since_sync += TICK
        if since_sync >= SYNC:
            since_sync = 0.0
            await asyncio.to_thread(hall.diary.sync)
