"""How smooth the six arcade games are: frames a second, and how long the script works for each frame.

`.venv/bin/python -m benchmarks.arcade [--seconds N] [--width W --height H]`: each game at its fastest, with every
picture it can have, steered by a pointer that never rests, in Qt WebEngine without a screen or graphics card. Told is
the busiest second of the play: the one with the most things on screen. Script time is what runs inside the page's
animation frames.
"""

import argparse
import json
import statistics
from typing import Any

from studio.blueprints.render import render
from tests.apps import documents
from tests.support.browser import Browser

GAMES = ("catch", "dodge", "pop", "whack", "jump", "shoot")
WATCH = """
window.frames_ = [];
const real = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (work) => real((now) => {
  const begin = performance.now();
  work(now);
  const things = document.querySelectorAll('.field .thing').length;
  window.frames_.push([now, performance.now() - begin, things]);
});
"""
STEER = """
let turn = 0;
window.steer = setInterval(() => {
  const field = document.querySelector('[data-act=field]');
  const again = document.querySelector('[data-act=again], [data-act=play]');
  if (!field) { again?.click(); return; }
  const box = field.getBoundingClientRect();
  turn += 0.11;
  const across = 0.5 + 0.45 * Math.sin(turn);
  const at = { clientX: box.left + box.width * across, clientY: box.top + box.height * 0.9, pointerType: 'mouse' };
  field.dispatchEvent(new PointerEvent('pointermove', at));
  if (Math.floor(turn * 10) % 4 === 0) field.dispatchEvent(new PointerEvent('pointerdown', at));
}, 16);
"""


def app(game: str) -> dict[str, Any]:
    """Return the busiest app of one game."""
    block = {
        "type": "arcade", "title": "Busy", "game": game, "player": "dragon", "speed": "fast", "lives": 9,
        "seconds": 300, "win": 0, "good": ["star", "octopus", "unicorn", "rainbow"],
        "bad": ["bug", "ghost", "robot", "alien"],
    }  # fmt: skip
    return documents.app(block)


def busiest(frames: list[list[float]]) -> list[list[float]]:
    """Return the frames of the one second in which the most things were on screen."""
    windows = []
    for begin in range(0, len(frames), 5):
        window = [one for one in frames[begin:] if one[0] < frames[begin][0] + 1000]
        if frames[-1][0] - frames[begin][0] >= 1000:
            windows.append(window)
    return max(windows, key=lambda window: statistics.mean(one[2] for one in window))


def measure(browser: Browser, game: str, seconds: float) -> dict[str, float]:
    """Play one game for some seconds; return the figures of its busiest second and of the whole play."""
    browser.load(render(documents.document(app(game))))
    browser.do(WATCH)
    browser.click("[data-act=play]")
    browser.do(STEER)
    browser.pause(seconds)
    frames = browser.run("window.frames_")
    browser.do("clearInterval(window.steer)")
    chosen = busiest(frames)
    script = sorted(one[1] for one in chosen)
    length = (frames[-1][0] - frames[0][0]) / 1000
    return {
        "things": max(one[2] for one in chosen),
        "frames_per_second": len(chosen),
        "frames_per_second_whole": round((len(frames) - 1) / length, 1),
        "script_ms_median": round(statistics.median(script), 2),
        "script_ms_95": round(script[int(0.95 * (len(script) - 1))], 2),
        "script_ms_worst": round(max(one[1] for one in frames), 2),
    }


def main() -> None:
    """Measure every game; print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=800)
    options = parser.parse_args()
    with Browser(options.width, options.height) as browser:
        found = {game: measure(browser, game, options.seconds) for game in GAMES}
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
