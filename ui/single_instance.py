"""One window per home: the second start raises the first window and leaves."""

from __future__ import annotations

import hashlib

from PySide6.QtCore import QLockFile, QObject, QSysInfo, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from studio import logs
from studio.paths import Paths

log = logs.get("window")

_WAIT_MS = 2000


class SingleInstance(QObject):
    """Hold the lock of one home, or reach whoever holds it; `called` fires when a second start asks."""

    called = Signal()

    def __init__(self, paths: Paths, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = "sprout-" + hashlib.sha256(str(paths.base).encode()).hexdigest()[:24]
        self._server: QLocalServer | None = None
        try:
            paths.base.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            log.warning("no home to lock: %s", error)
        self._lock = QLockFile(str(paths.lock))
        self._lock.setStaleLockTime(0)  # never by age: only a holder that is no longer alive is stale
        taken = self._lock.tryLock(0) or self._take_over()
        # A home that cannot be written cannot be locked; two windows without saving do no harm.
        self.first = taken or self._lock.error() != QLockFile.LockError.LockFailedError
        if taken:
            self._listen()

    def _take_over(self) -> bool:
        """Take a lock that another computer left behind on a stick or a shared folder.

        Whether its holder lives cannot be seen from here; one that answers nobody counts as gone.
        """
        _, host, _ = self._lock.getLockInfo()
        if not host or host == QSysInfo.machineHostName() or self.call_first():
            return False
        log.warning("took over the lock of another computer")
        return self._lock.removeStaleLockFile() and self._lock.tryLock(0)

    def call_first(self) -> bool:
        """Ask the first window to come forward; tell whether it heard."""
        line = QLocalSocket()
        line.connectToServer(self._name)
        heard = line.waitForConnected(_WAIT_MS)
        line.abort()
        return heard

    def close(self) -> None:
        """Give the lock back."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self._lock.unlock()

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)  # left behind by a start that was killed; the lock is ours
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_called)
        if not self._server.listen(self._name):
            log.warning("a second start cannot reach us: %s", self._server.errorString())

    @Slot()
    def _on_called(self) -> None:
        server = self._server
        while server is not None and (line := server.nextPendingConnection()) is not None:
            line.disconnected.connect(line.deleteLater)
            line.abort()
        self.called.emit()
