"""Hostile pages, a listener that counts what gets out, and the child that plays them with or without walls.

Run as a program: `python -m tests.ui.hostile walls|control TCP_PORT UDP_PORT CANARY_FILE`. It prints
what the pages said on the console; the listener in the test is the judge of what left.
"""

# ruff: noqa: E501 - one attack a line
from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

LOADS = """
const at = (name) => `http://127.0.0.1:${TCP}/${name}?secret=1`;
const make = (tag, set, parent) => { const e = document.createElement(tag); Object.assign(e, set); (parent || document.body).append(e); return e; };
const attempt = (work) => { try { const r = work(); if (r && r.catch) r.catch(() => {}); } catch (error) { /* walls */ } };
attempt(() => fetch(at("fetch")));
attempt(() => fetch(at("fetch-no-cors"), { mode: "no-cors", method: "POST", body: "secret" }));
attempt(() => fetch(at("fetch-keepalive"), { keepalive: true, mode: "no-cors" }));
attempt(() => { const x = new XMLHttpRequest(); x.open("GET", at("xhr")); x.send(); });
attempt(() => navigator.sendBeacon(at("beacon"), "secret"));
attempt(() => new WebSocket(`ws://127.0.0.1:${TCP}/websocket`));
attempt(() => new EventSource(at("eventsource")));
attempt(() => { new Image().src = at("image"); });
attempt(() => make("img", { srcset: at("srcset") + " 1x" }));
attempt(() => make("input", { type: "image", src: at("input-image") }));
attempt(() => { make("div", {}).style.backgroundImage = `url(${at("css-url")})`; });
attempt(() => { make("style", { textContent: `@import url(${at("css-import")});` }, document.head); });
attempt(() => {
  make("style", { textContent: `@font-face{font-family:q;src:url(${at("font")})} body{font-family:q}` }, document.head);
  make("p", { textContent: "words in that font" });
});
attempt(() => make("link", { rel: "stylesheet", href: at("link-stylesheet") }, document.head));
attempt(() => make("link", { rel: "icon", href: at("link-icon") }, document.head));
attempt(() => make("link", { rel: "prefetch", href: at("link-prefetch") }, document.head));
attempt(() => make("link", { rel: "preload", as: "image", href: at("link-preload") }, document.head));
attempt(() => make("link", { rel: "modulepreload", href: at("link-modulepreload") }, document.head));
attempt(() => make("link", { rel: "manifest", href: at("link-manifest") }, document.head));
attempt(() => make("link", { rel: "preconnect", href: `http://127.0.0.1:${PRE}/` }, document.head));
attempt(() => make("link", { rel: "dns-prefetch", href: `http://127.0.0.1:${PRE}/` }, document.head));
attempt(() => make("script", { src: at("script") }));
attempt(() => import(at("import")));
attempt(() => make("iframe", { src: at("iframe") }));
attempt(() => make("iframe", { srcdoc: `<img src="${at("srcdoc")}">` }));
attempt(() => make("iframe", { src: URL.createObjectURL(new Blob([`<img src="${at("blob-frame")}">`], { type: "text/html" })) }));
attempt(() => make("object", { data: at("object") }));
attempt(() => make("embed", { src: at("embed") }));
attempt(() => make("video", { src: at("video"), autoplay: true }));
attempt(() => make("video", { poster: at("poster") }));
attempt(() => make("audio", { src: at("audio"), preload: "auto" }));
attempt(() => { const s = make("div", {}); s.innerHTML = `<svg><image href="${at("svg-image")}"/><use href="${at("svg-use")}#a"/></svg>`; });
attempt(() => new Worker(URL.createObjectURL(new Blob([`fetch("${at("worker")}"); new WebSocket("ws://127.0.0.1:${TCP}/worker-ws")`]))));
attempt(() => new SharedWorker(URL.createObjectURL(new Blob([`fetch("${at("shared-worker")}")`]))));
attempt(() => navigator.serviceWorker.register(at("service-worker")));
attempt(() => { const f = make("iframe", { name: "target" }); const g = make("form", { method: "post", target: "target", action: at("form") }); make("input", { name: "secret", value: 1 }, g); g.submit(); });
attempt(() => make("script", { type: "speculationrules", textContent: JSON.stringify({ prefetch: [{ source: "list", urls: [at("speculation")] }] }) }, document.head));
attempt(() => new WebTransport(`https://127.0.0.1:${UDP}/`));
const call = (maker, servers) => attempt(() => {
  const pc = new maker({ iceServers: servers });
  pc.createDataChannel("x");
  pc.createOffer().then((offer) => pc.setLocalDescription(offer)).catch(() => {});
});
call(window.RTCPeerConnection, [{ urls: `stun:127.0.0.1:${UDP}` }]);
call(window.RTCPeerConnection, [{ urls: `turn:127.0.0.1:${UDP}?transport=udp`, username: "secret", credential: "x" }]);
call(window.RTCPeerConnection, [{ urls: `turn:127.0.0.1:${PRE}?transport=tcp`, username: "secret", credential: "x" }]);
attempt(() => call(make("iframe", { src: "about:blank" }).contentWindow.RTCPeerConnection, [{ urls: `stun:127.0.0.1:${UDP}` }]));
attempt(() => fetch(FILE).then((r) => r.text()).then((t) => console.log("READ " + t)));
attempt(() => { const x = new XMLHttpRequest(); x.open("GET", FILE); x.onload = () => console.log("READ " + x.responseText); x.send(); });
attempt(() => { const f = make("iframe", { src: FILE }); f.onload = () => attempt(() => console.log("READ " + f.contentDocument.body.innerText)); });
attempt(() => window.open(at("window-open")));
"""

LEAVES = {
    "location": "location.href = `http://127.0.0.1:${TCP}/location?secret=1`;",
    "meta": """const m = document.createElement("meta"); m.httpEquiv = "refresh";
        m.content = `0;url=http://127.0.0.1:${TCP}/meta?secret=1`; document.head.append(m);""",
    "form-top": """const f = document.createElement("form"); f.method = "post";
        f.action = `http://127.0.0.1:${TCP}/form-top`; document.body.append(f); f.submit();""",
    "download": """const a = document.createElement("a"); a.href = `http://127.0.0.1:${TCP}/download`;
        a.download = "x.html"; document.body.append(a); a.click();""",
    "blob": """location.href = URL.createObjectURL(new Blob(
        [`<script>location.href="http://127.0.0.1:${TCP}/blob"<\\/script>`], { type: "text/html" }));""",
    "click": """document.body.style.cssText = "margin:0;height:100vh"; document.body.onclick = () => {
        try { open(`http://127.0.0.1:${TCP}/click-open`); } catch (error) { /* walls */ }
        const a = document.createElement("a"); a.href = "#x"; a.ping = `http://127.0.0.1:${TCP}/ping`;
        document.body.append(a); a.click();
        try { navigator.clipboard.readText().then((t) => console.log("READ " + t)).catch(() => {}); } catch (error) {}
        try { navigator.mediaDevices.getUserMedia({ video: true }).catch(() => {}); } catch (error) {}
        try { navigator.geolocation.getCurrentPosition(() => console.log("READ place")); } catch (error) {} };""",
}


def pages(tcp: int, pre: int, udp: int, file: str) -> list[str]:
    """Return the hostile pages; the one that loads comes first, those that leave after it."""
    names = f'const TCP = {tcp}, PRE = {pre}, UDP = {udp}, FILE = "{file}";'
    return [
        f"<!doctype html><html><head></head><body><script>{names}{script}</script></body></html>"
        for script in (LOADS, *LEAVES.values())
    ]


class Listener:
    """Count every TCP connection and UDP packet that reaches this computer, and what was asked."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.tcp = self.pre = self.udp = 0
        self._closing = False
        kinds = (socket.SOCK_STREAM, socket.SOCK_STREAM, socket.SOCK_DGRAM)
        self._sockets = [self._open(kind) for kind in kinds]
        self.tcp_port, self.pre_port, self.udp_port = (s.getsockname()[1] for s in self._sockets)
        works = zip(self._sockets, (self._on_tcp, self._on_pre, self._on_udp), strict=True)
        self._threads = [threading.Thread(target=self._watch, args=work) for work in works]
        for thread in self._threads:
            thread.start()

    @staticmethod
    def _open(kind: int) -> socket.socket:
        made = socket.socket(socket.AF_INET, kind)
        made.bind(("127.0.0.1", 0))
        made.settimeout(0.1)
        if kind == socket.SOCK_STREAM:
            made.listen(128)
        return made

    def _watch(self, listening: socket.socket, arrived: Callable[[socket.socket], None]) -> None:
        while not self._closing:
            with contextlib.suppress(OSError):
                arrived(listening)

    def _on_tcp(self, listening: socket.socket) -> None:
        connection, _ = listening.accept()
        self.tcp += 1
        with connection:
            connection.settimeout(0.5)  # a connection that asks nothing must not hold up the others
            words = connection.recv(4096).decode("latin-1").split(" ")
            if len(words) > 1:
                self.paths.add(words[1].partition("?")[0].strip("/"))
            connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n"
                b"Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\nok"
            )

    def _on_pre(self, listening: socket.socket) -> None:
        listening.accept()[0].close()
        self.pre += 1

    def _on_udp(self, listening: socket.socket) -> None:
        listening.recv(2048)
        self.udp += 1

    def close(self) -> None:
        """Stop listening; what arrived stays counted."""
        self._closing = True
        for thread in self._threads:
            thread.join()
        for made in self._sockets:
            made.close()


def play(mode: str, tcp: int, pre: int, udp: int, canary: str) -> None:
    """Show each hostile page for a while, with all walls or with none."""
    if mode == "walls":
        from ui import sandbox

        sandbox.prepare(headless=True)
    else:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--no-sandbox"
    from PySide6.QtCore import QPoint, Qt, QUrl
    from PySide6.QtTest import QTest
    from PySide6.QtWebEngineCore import QWebEnginePage
    from PySide6.QtWebEngineWidgets import QWebEngineView
    from PySide6.QtWidgets import QApplication, QWidget

    app = QApplication([])

    class Open(QWebEnginePage):
        def javaScriptConsoleMessage(self, level: object, message: str, line: int, source: str) -> None:
            print(message, flush=True)

    everything = pages(tcp, pre, udp, QUrl.fromLocalFile(canary).toString())
    if mode == "control":  # the well-known mistake: a page that believes it is a local file reads all files
        reader = QWebEngineView()
        reader.setPage(Open(reader))
        reader.page().setHtml(everything[0], QUrl.fromLocalFile(canary))
        QTest.qWait(1000)
    for number, html in enumerate(everything):
        if mode == "walls":
            from ui.locked_page import LockedView

            view: QWebEngineView = LockedView()
            view.locked.console_line.connect(lambda _level, message, _line: print(message, flush=True))
            view.locked.show_html(html)
        else:
            view = QWebEngineView()
            view.setPage(Open(view))
            view.page().newWindowRequested.connect(lambda request, view=view: request.openIn(view.page()))
            view.page().setHtml(html, QUrl(f"http://127.0.0.1:{tcp}/"))
        view.resize(400, 300)
        view.show()
        QTest.qWait(600)
        for child in view.findChildren(QWidget):
            QTest.mouseClick(child, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
        QTest.qWait(2200 if number == 0 else 900)
        if mode == "walls":
            print("AT", view.url().toString(), flush=True)
            view.close_page()
    app.quit()
    os._exit(0)  # the control run leaves WebEngine as it is: nothing of it is under test


if __name__ == "__main__":
    play(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), str(Path(sys.argv[5]).resolve()))
