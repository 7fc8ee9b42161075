"""The model servers that a grown-up wrote down: where they are, never what opens them.

A key is never stored here. A record names the environment variable that holds it, and the key is
read at the moment it is sent.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args
from urllib.parse import SplitResult, urlsplit

from studio import files, logs
from studio.errors import InputError, NotFoundError, StorageError
from studio.network import CONNECT_TIMEOUT_S
from studio.phrases import Phrase, phrase

log = logs.get("remote")

Kind = Literal["openai", "inference"]
INFERENCE_HOST = "router.huggingface.co"
"""Where the Hub's own client sends a question that names no address."""

_NAME = re.compile(r"[^\W_][\w .-]{0,39}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_FORMAT = 1
_MOST_SERVERS = 100
_HOME_NAMES = (".local", ".lan", ".home.arpa", ".internal")


@dataclass(frozen=True)
class RemoteServer:
    """Name one server: its address, the model to use there ("": its first), where its key lies ("": none).

    "openai" speaks the OpenAI way (vLLM, Ollama, LM Studio, llama-server, transformers serve) and its
    `url` ends before "/chat/completions"; "inference" is reached through huggingface_hub, and an empty
    `url` leaves the choice of the provider to the Hub.
    """

    name: str
    url: str
    model: str = ""
    kind: Kind = "openai"
    key_variable: str = ""

    @property
    def ref(self) -> str:
        """Return what the rest of the studio calls this server's model."""
        return f"remote:{self.name}"

    @property
    def host(self) -> str:
        """Return the name or address of the computer, without the port."""
        return urlsplit(self.url).hostname or INFERENCE_HOST

    @property
    def on_this_computer(self) -> bool:
        """Tell whether what is sent there stays on this very computer."""
        return is_loopback(self.host)

    @property
    def may_hear_the_key(self) -> bool:
        """Tell whether a key is safe on the way: over https, on this computer, or inside the house."""
        return not self.url or urlsplit(self.url).scheme == "https" or _is_nearby(self.host)

    def key(self) -> str:
        """Return the key from the environment, or an empty string; InputError if it must not be sent."""
        if not self.key_variable:
            return ""
        key = os.environ.get(self.key_variable, "").strip()
        if not key:
            _refuse(
                phrase("The key for “{name}” is missing.", name=self.name),
                phrase("Set the variable {variable} and start the studio again.", variable=self.key_variable),
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            _refuse(
                phrase("The key for “{name}” has letters that a key cannot have.", name=self.name),
                phrase("Look at the variable {variable}.", variable=self.key_variable),
            )
        if not self.may_hear_the_key:
            _refuse(
                phrase("The key for “{name}” would travel where others can read it.", name=self.name),
                phrase("Use an address that begins with https."),
            )
        return key


def is_loopback(host: str) -> bool:
    """Tell whether a host is this computer itself: a loopback address, or the name "localhost"."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_nearby(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.casefold().endswith(_HOME_NAMES)
    return address.is_loopback or address.is_private or address.is_link_local


def checked(server: RemoteServer) -> RemoteServer:
    """Return the server with a tidy address, or raise InputError with what is wrong about it."""
    if not _NAME.fullmatch(server.name) or server.name != server.name.strip():
        _refuse(
            phrase("That is no name for a server."),
            phrase("Use up to 40 letters, digits, spaces, dots and dashes."),
        )
    if server.key_variable and not _VARIABLE.fullmatch(server.key_variable):
        _refuse(
            phrase("That is no name of a variable."),
            phrase("Write the name of the variable that holds the key, not the key itself."),
        )
    if server.kind not in get_args(Kind):
        _refuse(phrase("That kind of server is unknown."), phrase("Choose one of: openai, inference."))
    if len(server.model) > 200 or not server.model.isprintable():
        _refuse(phrase("That is no name of a model."), phrase("Copy it from the server's own list."))
    if server.kind == "inference" and not server.url:
        if not server.model:
            _refuse(phrase("This server needs to know which model."), phrase("Add the name of the model."))
        return server
    return RemoteServer(
        server.name, _tidy(server.url, server.kind), server.model, server.kind, server.key_variable
    )


def _tidy(url: str, kind: Kind) -> str:
    """Return the address without a slash at its end; the OpenAI way lives below "/v1" unless said otherwise."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        _refuse_url()
    _check_parts(parts, url)
    path = parts.path.rstrip("/")
    if not path and kind == "openai":
        path = "/v1"
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{path}"


def _check_parts(parts: SplitResult, url: str) -> None:
    if parts.username is not None or parts.password is not None:
        _refuse(
            phrase("There is a name or a password inside the address."),
            phrase("Leave it out, and name a variable that holds the key."),
        )
    clean = len(url) <= 500 and url.isascii() and not any(char.isspace() for char in url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or not clean:
        _refuse_url()
    if parts.query or parts.fragment or ".." in parts.path or "\\" in url:
        _refuse_url()


def _refuse_url() -> NoReturn:
    _refuse(
        phrase("That is no address of a server."),
        phrase("It looks like http://127.0.0.1:8080 or https://models.example.org/v1."),
    )


def _refuse(what: Phrase, next: Phrase) -> NoReturn:
    raise InputError(what, kept=phrase("Nothing was sent."), next=next)


@dataclass(frozen=True)
class Patience:
    """Say how long a server may take, in seconds."""

    connect_s: float = CONNECT_TIMEOUT_S
    list_s: float = 30.0
    first_token_s: float = 120.0
    between_tokens_s: float = 30.0


class RemoteServers:
    """Keep the list of servers in one private file; the file is read again whenever it is asked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def list(self) -> tuple[RemoteServer, ...]:
        """Return the servers in the order in which they were added; a damaged file is kept aside."""
        with self._lock:
            return self._read()

    def get(self, name: str) -> RemoteServer:
        """Return the server of that name (capitals do not matter); NotFoundError without one."""
        for server in self.list():
            if server.name.casefold() == name.casefold():
                return server
        raise NotFoundError(
            phrase("There is no server called “{name}”.", name=name),
            next=phrase("Look at the list of servers, or add this one."),
        )

    def add(self, server: RemoteServer) -> RemoteServer:
        """Keep a server and return it as it was kept; InputError when it is no server or the name is taken."""
        server = checked(server)
        with self._lock:
            known = self._read()
            if any(other.name.casefold() == server.name.casefold() for other in known):
                _refuse(
                    phrase("There is already a server called “{name}”.", name=server.name),
                    phrase("Choose another name, or remove the old one first."),
                )
            if len(known) >= _MOST_SERVERS:
                _refuse(phrase("There are too many servers."), phrase("Remove one first."))
            self._write((*known, server))
        return server

    def remove(self, name: str) -> None:
        """Forget a server; NotFoundError without one."""
        gone = self.get(name)
        with self._lock:
            self._write(tuple(server for server in self._read() if server.name != gone.name))

    def _read(self) -> tuple[RemoteServer, ...]:
        try:
            data = json.loads(self._path.read_bytes())
            return tuple(checked(RemoteServer(**_texts(entry))) for entry in data["servers"])
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise StorageError(
                phrase("The list of servers could not be read."),
                kept=phrase("Nothing was changed."),
                next=phrase("Try again in a moment."),
                detail=str(error),
            ) from error
        except (ValueError, TypeError, KeyError, RecursionError) as error:  # InputError is a ValueError
            aside = files.set_aside(self._path, label="damaged")
            log.warning("the list of servers was damaged (%s), kept as %s", error, aside.name)
            return ()

    def _write(self, servers: tuple[RemoteServer, ...]) -> None:
        data = {"format": _FORMAT, "servers": [asdict(server) for server in servers]}
        files.save(self._path, json.dumps(data, ensure_ascii=False, indent=1))


def _texts(entry: object) -> dict[str, Any]:
    """Return the fields of one record; ValueError unless each is a text."""
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise ValueError("a server is an object of texts")
    return entry
