"""Prepare this process for locked-down web pages, and say whether one may play here.

The walls stand in layers, because each was seen to leak when it stood alone:

    flags        of Chromium, for the whole process: dead proxy, no names, no WebRTC out   (here)
    header       Content-Security-Policy before the first byte of the page      (ui.locked_page)
    interceptor  blocks every address but the page's own, data: and blob:       (ui.locked_page)
    navigation   the page stays where it is, opens nothing, downloads nothing   (ui.locked_page)
    script       WebRTC and WebTransport are gone before the page's first line  (ui.locked_page)
    watchdog     stops a page that hangs or eats the memory                     (ui.locked_page)

This module is light: it never imports Qt WebEngine, so that the window can start without it.
`prepare()` must run before the QApplication is made; `ui.locked_page` may be imported any time after.
"""

from __future__ import annotations

import importlib
import os
import shlex
import sys
from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication

SCHEME = "sprout-app"
"""Name of our own address scheme; what a person sees should they ever look."""

FLAGS = (
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    '--host-resolver-rules="MAP * ~NOTFOUND"',
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
)
"""No way out for anything that runs in Chromium; the program's own HTTP goes through Python."""

HARMLESS = frozenset(
    {
        "--disable-gpu",
        "--disable-gpu-compositing",
        "--disable-software-rasterizer",
        "--force-device-scale-factor",
        "--lang",
    }
)
"""Flags of the user that we pass on. All others could open a wall, so they are dropped."""

ALLOW_UNSANDBOXED = "SPROUT_ALLOW_UNSANDBOXED"
"""Set by the bootstrap script and by tests only: "1" lets our runtime's own pages play without
Chromium's sandbox in a process with no visible window; "tests" lets hostile pages of tests play too."""


class Refusal(Enum):
    """Say why a page does not play here."""

    NO_ENGINE = "no_engine"
    """Qt WebEngine, or a system library that it needs, is not installed."""
    NO_SANDBOX = "no_sandbox"
    """Chromium's own sandbox is switched off, or cannot work for this user."""


def prepare(*, headless: bool = False) -> None:
    """Put up the walls that must stand before Qt WebEngine starts; call it before QApplication."""
    if "PySide6.QtWebEngineCore" in sys.modules and not _flags_stand():
        raise RuntimeError("ui.sandbox.prepare() came after Qt WebEngine was imported")
    _choose_platform(headless=headless)
    kept = [flag for flag in _split(os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")) if _harmless(flag)]
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join((*kept, *FLAGS))
    os.environ.pop("QTWEBENGINE_REMOTE_DEBUGGING", None)  # would open a port on this computer
    if not os.environ.get(ALLOW_UNSANDBOXED):
        os.environ.pop("QTWEBENGINE_DISABLE_SANDBOX", None)
    elif _needs_no_sandbox():
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    if QCoreApplication.instance() is None:
        # Lets WebEngine be imported long after the window stands (it costs 31 MB and 0.2 s).
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)


def _choose_platform(*, headless: bool) -> None:
    if headless:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    elif sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _split(flags: str) -> list[str]:
    try:
        return shlex.split(flags)
    except ValueError:  # a quote that is never closed
        return []


def _harmless(flag: str) -> bool:
    return flag.partition("=")[0] in HARMLESS and " " not in flag


def _flags_stand() -> bool:
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    return all(flag in flags for flag in FLAGS)


def _needs_no_sandbox() -> bool:
    """Tell whether Chromium would refuse to start with its sandbox: it does for root on Linux."""
    return sys.platform == "linux" and os.geteuid() == 0


def sandbox_is_off() -> bool:
    """Tell whether Chromium's sandbox is off in this process, or could not be on."""
    by_name = os.environ.get("QTWEBENGINE_DISABLE_SANDBOX", "") not in ("", "0")
    by_flag = "--no-sandbox" in sys.argv or "--no-sandbox" in os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    return by_name or by_flag or _needs_no_sandbox()


@lru_cache(maxsize=1)
def webengine_problem() -> str | None:
    """Return None if Qt WebEngine can be used, else what the system says is missing.

    The first call imports it (0.2 s, 31 MB): ask only when a page is wanted.
    """
    for module in ("PySide6.QtWebEngineCore", "PySide6.QtWebChannel", "PySide6.QtWebEngineWidgets"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            return str(error)
    return None


def refusal(*, own: bool) -> Refusal | None:
    """Return why a page may not play here, or None if it may.

    `own` is true for a page that our renderer made from a checked document just now; it is false
    for a page or code that somebody else wrote. Without Chromium's sandbox nothing plays, but for
    own pages in a process without a visible window when the bootstrap script said so.
    """
    if sandbox_is_off():  # asked first: for root, importing is fine but starting would end the process
        allowed = os.environ.get(ALLOW_UNSANDBOXED, "")
        unseen = QGuiApplication.platformName() in ("offscreen", "minimal")
        if not unseen or allowed not in ("1", "tests") or not (own or allowed == "tests"):
            return Refusal.NO_SANDBOX
    return Refusal.NO_ENGINE if webengine_problem() is not None else None
