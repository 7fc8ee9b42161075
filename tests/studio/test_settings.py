"""Settings are declared, typed, kept, and never keep the studio from starting."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checks
from hypothesis import strategies as st

from studio.errors import BlockedError, InputError, NotFoundError, StorageError
from studio.events import EventBus, SettingChanged
from studio.safety import FEATURES, Permissions
from studio.settings import SETTINGS, Settings


def make(path: Path) -> Settings:
    return Settings(path / "settings.json", EventBus())


def test_defaults_then_kept_values(tmp_path):
    settings = make(tmp_path)
    assert settings.get("theme") == "system"
    settings.set("theme", "dark")
    settings.set("text_size", 150)
    assert make(tmp_path).get("theme") == "dark"
    assert json.loads((tmp_path / "settings.json").read_text()) == {"text_size": 150, "theme": "dark"}


def test_every_setting_accepts_its_default_and_has_a_title():
    for setting in SETTINGS:
        assert setting.accepts(setting.default), setting.key
        assert str(setting.title)


def test_a_change_is_told_once(tmp_path):
    bus = EventBus()
    heard: list[object] = []
    bus.subscribe(heard.append)
    settings = Settings(tmp_path / "settings.json", bus)
    settings.set("offline", True)
    settings.set("offline", True)
    assert heard == [SettingChanged("offline")]


@pytest.mark.parametrize(
    ("key", "value"), [("theme", "pink"), ("text_size", 101), ("offline", 1), ("offline", "yes")]
)
def test_a_wrong_value_is_refused_and_changes_nothing(tmp_path, key, value):
    settings = make(tmp_path)
    before = settings.get(key)
    with pytest.raises(InputError):
        settings.set(key, value)
    assert settings.get(key) == before


def test_an_undeclared_key_is_refused(tmp_path):
    with pytest.raises(NotFoundError):
        make(tmp_path).get("colour_of_my_socks")


@given(st.binary(max_size=300))
@checks(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_starts_the_studio(tmp_path_factory, raw):
    folder = tmp_path_factory.mktemp("home")
    (folder / "settings.json").write_bytes(raw)
    settings = make(folder)
    for setting in SETTINGS:
        assert setting.accepts(settings.get(setting.key))
    if settings.problem is not None:
        assert (folder / "settings.damaged-1.json").read_bytes() == raw


def test_one_wrong_value_falls_back_alone(tmp_path):
    (tmp_path / "settings.json").write_text('{"theme": "dark", "text_size": "huge", "unknown": 1}')
    settings = make(tmp_path)
    assert (settings.get("theme"), settings.get("text_size"), settings.problem) == ("dark", 100, None)


def test_a_disk_that_refuses_is_said_and_the_value_holds_for_now(tmp_path):
    (tmp_path / "in_the_way").write_text("")
    settings = Settings(tmp_path / "in_the_way" / "settings.json", EventBus())
    with pytest.raises(StorageError):
        settings.set("theme", "dark")
    assert settings.get("theme") == "dark"


@pytest.mark.parametrize("who", ["", "child"])
def test_everything_is_off_for_a_child_and_before_anybody_said_who(tmp_path, who):
    settings = make(tmp_path)
    settings.set("who", who)
    permissions = Permissions(settings)
    assert not any(permissions.allowed(feature) for feature in FEATURES)
    with pytest.raises(BlockedError, match="grown-up"):
        permissions.require("free_code")


def test_a_grown_up_decides(tmp_path):
    settings = make(tmp_path)
    permissions = Permissions(settings)
    settings.set("who", "me")
    assert all(permissions.allowed(feature) for feature in FEATURES)
    settings.set("allow_publish", "no")
    assert not permissions.allowed("publish")
    settings.set("who", "child")
    settings.set("allow_hub_search", "yes")
    assert permissions.allowed("hub_search")
    permissions.require("hub_search")
