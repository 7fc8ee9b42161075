"""Play with a hand that never tires: look where things are, steer towards the good ones or into the bad ones."""

from __future__ import annotations

import json
from typing import Any

from tests.support.browser import Browser

TRIES_S = 4
HAND = """
const find = (selector) => document.querySelector(`[data-block=${name}] ${selector}`);
const middle = (node) => {
  const box = node.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
};
clearInterval(window.hand);
window.hand = setInterval(() => {
  const field = find('[data-act=field]');
  if (!field) { clearInterval(window.hand); return; }
  const room = field.getBoundingClientRect();
  const inside = ({ x, y }) => x > room.left && x < room.right && y > room.top && y < room.bottom;
  const touch = (type, { x, y }) =>
    field.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerType: 'mouse', bubbles: true }));
  const seen = (kind) => [...field.querySelectorAll(`[data-thing=${kind}]:not(.hit)`)].map(middle).filter(inside);
  const self = middle(field.querySelector('[data-thing=self]'));
  const low = (list) => list.reduce((best, one) => (one.y > best.y ? one : best));
  const wanted = seen(aim);
  if (game === 'jump') {
    const tile = field.querySelector('[data-thing=self]').getBoundingClientRect().width;
    const ahead = seen('bad').some((one) => one.x > self.x && one.x - self.x < 1.6 * tile);
    const above = wanted.some((one) => one.y < self.y - tile && one.x > self.x && one.x - self.x < 1.4 * tile);
    if (aim === 'good' && (ahead || above)) touch('pointerdown', self);
    return;
  }
  if (!wanted.length) return;
  const one = game === 'pop' || game === 'whack' ? wanted[0] : low(wanted);
  const fires = game === 'pop' || game === 'whack' || (game === 'shoot' && aim === 'good');
  touch(fires ? 'pointerdown' : 'pointermove', one);
}, 16);
"""


def steer(browser: Browser, name: str, game: str, aim: str) -> None:
    """Let a hand play the running game: `aim` is "good" or "bad"; it rests when the game does."""
    browser.do(f"const [name, game, aim] = {json.dumps([name, game, aim])}; {HAND}")


def play(browser: Browser, name: str, slots: dict[str, Any]) -> None:
    """Start, play for some seconds; a game that goes on is ended from its pause."""
    block = f"[data-block={name}]"
    over = f"sprout.describe().events.some((one) => one.block === '{name}' && one.event === 'finish')"
    browser.click(f"{block} [data-act=play]")
    steer(browser, name, slots["game"], "good")
    for _ in range(TRIES_S * 10):
        if browser.run(over):
            return
        browser.pause(0.1)
    browser.click(f"{block} [data-act=pause]")
    browser.click(f"{block} [data-act=end]")
