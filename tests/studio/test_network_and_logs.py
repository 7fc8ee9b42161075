"""Nothing goes out unasked; nothing private is written down."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from studio import logs
from studio.errors import OfflineError
from studio.events import EventBus, NetworkUsed
from studio.network import OFFLINE_VARIABLES, NetworkGate
from studio.settings import Settings


@pytest.fixture(autouse=True)
def online(monkeypatch):
    for name in OFFLINE_VARIABLES:
        monkeypatch.delenv(name, raising=False)


def make(tmp_path: Path, **more) -> tuple[NetworkGate, Settings, EventBus]:
    bus = EventBus()
    settings = Settings(tmp_path / "settings.json", bus)
    return NetworkGate(settings, bus, tmp_path / "network", **more), settings, bus


def test_the_switch_stops_everything(tmp_path):
    gate, settings, _ = make(tmp_path)
    gate.check("look for models")
    settings.set("offline", True)
    with pytest.raises(OfflineError, match="stay offline"):
        gate.check("look for models")


def test_the_command_line_and_the_environment_hold_the_switch(tmp_path, monkeypatch):
    gate, _, _ = make(tmp_path, offline=True)
    assert gate.offline
    assert gate.forced
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    gate, _, _ = make(tmp_path)
    assert gate.offline


def test_what_went_out_is_written_down_and_told(tmp_path):
    gate, _, bus = make(tmp_path)
    heard: list[object] = []
    bus.subscribe(heard.append)
    gate.record("example.org", "get a model", 10)
    gate.record("example.org", "get a model", 20)
    assert [(entry.host, entry.size_bytes) for entry in gate.today()] == [
        ("example.org", 10),
        ("example.org", 20),
    ]
    assert heard[0] == NetworkUsed("example.org", "get a model", 10)


def test_a_line_cut_short_does_not_hide_the_rest(tmp_path):
    gate, _, _ = make(tmp_path)
    gate.record("example.org", "get a model", 10)
    (file,) = (tmp_path / "network").iterdir()
    file.write_text(file.read_text() + '{"at": "2026')
    assert len(gate.today()) == 1


PRIVATE = {
    "hf_CANARYcanary1234567890": "a token",
    "someone@example.org": "an address",
    "X-Amz-Signature=abcdef": "a signed link",
    str(Path.home()) + "/notes": "the home folder",
}


@pytest.mark.parametrize("secret", PRIVATE, ids=PRIVATE.values())
def test_private_things_reach_no_sink(tmp_path, secret):
    ring = logs.set_up(tmp_path)
    try:
        logs.get("test").warning("with %s inside https://x.example/?%s", secret, secret)
        try:
            raise ValueError(secret)
        except ValueError:
            logs.get("test").exception("broke")
        for handler in logging.getLogger("sprout").handlers:
            handler.flush()
        written = "\n".join(ring.lines) + (tmp_path / "studio.log").read_text()
    finally:
        logs.tear_down()
    assert "broke" in written
    assert secret not in written
