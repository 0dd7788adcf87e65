"""A small client of a language server: JSON-RPC over its standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

PATIENCE = 60.0  # seconds until a server that does not answer is given up
SETTINGS: dict[str, Any] = {
    "yaml": {
        "validate": True,
        "hover": True,
        "completion": True,
        "schemaStore": {"enable": False},  # nothing from the network
        "kubernetesCRDStore": {"enable": False},
    }
}


class LanguageServer:
    """A running yaml-language-server; `with LanguageServer(path, folder) as server`."""

    def __init__(self, server: Path, folder: Path) -> None:
        self._process = subprocess.Popen([str(server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._inbox: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._next = 0
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        threading.Thread(target=self._listen, daemon=True).start()
        self._folder = folder.resolve().as_uri()
        text = {
            "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown"]}},
            "hover": {"contentFormat": ["markdown"]},
            "publishDiagnostics": {},
        }
        capabilities = {"textDocument": text, "workspace": {"configuration": True, "workspaceFolders": True}}
        folders = [{"uri": self._folder, "name": folder.name}]
        self._ask(
            "initialize",
            {"processId": None, "rootUri": self._folder, "capabilities": capabilities, "workspaceFolders": folders},
        )
        self._tell("initialized", {})
        self._tell("workspace/didChangeConfiguration", {"settings": SETTINGS})

    def __enter__(self) -> LanguageServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)

    def diagnostics(self, text: str) -> list[dict[str, Any]]:
        """What the server finds wrong with a document in the folder that holds `text`."""
        uri = self._open(text)
        while uri not in self._diagnostics:
            self._handle(self._receive())
        return self._diagnostics[uri]

    def completion(self, text: str, line: int, character: int) -> list[dict[str, Any]]:
        """The items offered at a place (both numbers from 0)."""
        answer = self._ask("textDocument/completion", _place(self._open(text), line, character))
        items: list[dict[str, Any]] = (answer.get("items") if isinstance(answer, dict) else answer) or []
        return items

    def hover(self, text: str, line: int, character: int) -> str:
        """The text shown for a place (both numbers from 0), "" for none."""
        answer = self._ask("textDocument/hover", _place(self._open(text), line, character))
        return str(answer["contents"]["value"]) if answer else ""

    def _open(self, text: str) -> str:
        """A document never opened before, so that what is published about it is about this text."""
        self._next += 1
        uri = f"{self._folder}/unsaved-{self._next}.yaml"
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def _ask(self, method: str, params: Any) -> Any:
        self._next += 1
        number = self._next
        self._send({"id": number, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']['message']}")
                return message["result"]
            self._handle(message)

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _handle(self, message: dict[str, Any]) -> None:
        """What the server says or asks of its own accord."""
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif method and "id" in message:
            wanted = message.get("params") or {}
            answer = (
                [SETTINGS.get(item.get("section", ""), {}) for item in wanted["items"]]
                if method == "workspace/configuration"
                else None
            )
            self._send({"id": message["id"], "result": answer})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        message = self._inbox.get(timeout=PATIENCE)
        if message is None:
            raise RuntimeError("the language server ended")
        return message

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                length = int(value) if name.lower() == "content-length" else length
                header = stream.readline()
            self._inbox.put(json.loads(stream.read(length)))
        self._inbox.put(None)


def _place(uri: str, line: int, character: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
