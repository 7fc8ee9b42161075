"""Fill the one style sheet with the tokens of a theme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Template

from ui.theme.tokens import Tokens, folder


@lru_cache(maxsize=1)
def _template() -> Template:
    return Template((folder() / "stylesheet.qss").read_text(encoding="utf-8"))


def fill(tokens: Tokens, name: str, px: Callable[[float], int], images: Mapping[str, str]) -> str:
    """Return the style sheet of the theme `name`; `images` are the paths of the painted marks."""
    colours, size, radius = tokens.colours[name], tokens.size, tokens.radius
    target, control = px(size["target_min"]), px(size["control"])
    values: dict[str, object] = dict(colours)
    values |= {f"s_{key}": value for key, value in tokens.space.items()}
    values |= {f"r_{key}": value for key, value in radius.items()}
    values |= {f"t_{key}": px(value) for key, value in tokens.type.items()}
    values |= {f"img_{key}": path for key, path in images.items()}
    values |= {
        # A rule's min-height is the inside of the box: the border of one pixel on each side comes on top.
        "control_in": control - 2,
        "large_in": px(size["control_large"]) - 2,
        "small_in": target - 2,
        "seg_in": target - 2,
        "control": control,
        "target": target,
        "r_chip": target // 2,  # more than half the height would give square corners
        "r_seg": radius["control"] - 2,
        "nav_w": rail_width(tokens, px) - 18,
        "nav_h": min(px(52), 78),
        "arrow": px(16),
        "mark": px(22),
        "knob": px(20),
        "knob_up": (px(20) - 6) // 2 + 1,
        "knob_r": px(20) // 2 + 1,
        "seg_on": colours["press" if name == "dark" else "surface"],
        "seg_line": colours["line_strong" if name == "high_contrast" else "line"],
    }
    return _template().substitute(values)


def rail_width(tokens: Tokens, px: Callable[[float], int]) -> int:
    """Return the width of the rail: as drawn, and wider where big words need it."""
    return max(tokens.size["rail"], px(tokens.size["rail_least"]))
