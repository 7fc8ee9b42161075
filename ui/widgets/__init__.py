"""Controls that all pages share. A page takes them from here: `from ui.widgets import button, row, text`."""

from ui.widgets.appart import app_icon, app_scene
from ui.widgets.cards import Card
from ui.widgets.controls import (
    Combo,
    Segments,
    Switch,
    Tool,
    area,
    button,
    check_box,
    chip,
    combo,
    field,
    search,
    slider,
    switch,
    tool,
)
from ui.widgets.dialog import Dialog, confirm
from ui.widgets.empty import EmptyState
from ui.widgets.finder import Finder, Tile
from ui.widgets.layouts import Cards, Flow, clear, col, frame, line, restyle, row, scroll
from ui.widgets.painted import BusySign, Glyph, Painted, Picture, leaf, sprout
from ui.widgets.reorder import Grip, Reorder
from ui.widgets.ring import FocusRing
from ui.widgets.steps import StepsStrip, StripStep
from ui.widgets.texts import Clamped, Elided, Wrapped, badge, labelled, text
from ui.widgets.toast import ToastHost

__all__ = [
    "BusySign",
    "Card",
    "Cards",
    "Clamped",
    "Combo",
    "Dialog",
    "Elided",
    "EmptyState",
    "Finder",
    "Flow",
    "FocusRing",
    "Glyph",
    "Grip",
    "Painted",
    "Picture",
    "Reorder",
    "Segments",
    "StepsStrip",
    "StripStep",
    "Switch",
    "Tile",
    "ToastHost",
    "Tool",
    "Wrapped",
    "app_icon",
    "app_scene",
    "area",
    "badge",
    "button",
    "check_box",
    "chip",
    "clear",
    "col",
    "combo",
    "confirm",
    "field",
    "frame",
    "labelled",
    "leaf",
    "line",
    "restyle",
    "row",
    "scroll",
    "search",
    "slider",
    "sprout",
    "switch",
    "text",
    "tool",
]
