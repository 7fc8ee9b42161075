"""Soundboard, played in the real engine: pads, keys, what would sound, and tunes made of taps."""

import json
from typing import Any

import pytest

from studio.blueprints.choices import Note16
from studio.blueprints.render import render, render_update
from tests.apps.conftest import PHONE, WIDE
from tests.apps.documents import app, document, note, rule
from tests.apps.playing import ahead, events, said
from tests.support.browser import Browser, Qt

pytestmark = pytest.mark.slow

NOTES = list(Note16.__args__)  # type: ignore[attr-defined]

# An AudioContext that writes down what it is asked to play, and a player who has touched the page.
EAR = """
window.heard = [];
const param = () => ({ value: 0, setValueAtTime(v) { this.first = v; return this; }, exponentialRampToValueAtTime(v) {
  if (!(v > 0)) throw new Error(`no ramp to ${v}`); return this; } });
const node = (kind) => ({ kind, frequency: param(), gain: param(), Q: param(), connect(next) { return next; },
  start(at) { window.heard.push([kind === "noise" ? 0 : this.frequency.first, at]); }, stop() {} });
window.AudioContext = class {
  constructor() { Object.assign(this, { state: "running", currentTime: 0, sampleRate: 800, destination: {} }); }
  createOscillator() { return node("tone"); }
  createGain() { return node("gain"); }
  createBiquadFilter() { return node("filter"); }
  createBufferSource() { return node("noise"); }
  createBuffer(channels, length) { return { getChannelData: () => new Float32Array(length) }; }
};
Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: true } });
"""


# A real AudioContext of the browser, but one that writes into memory: what it plays can be measured.
MEMORY = """
const real = window.OfflineAudioContext;
window.AudioContext = class {
  constructor() { window.played = new real(1, 44100, 44100); played.resume = () => {}; return played; }
};
Object.defineProperty(navigator, "userActivation", { value: { hasBeenActive: true } });
"""


def soundboard(count: int = 4, **slots: Any) -> dict[str, Any]:
    pads = [{"label": f"Pad {n + 1}", "icon": "drum", "note": NOTES[n % 16]} for n in range(count)]
    return {
        "type": "soundboard", "title": "Beats", "layout": "pads", "instrument": "piano", "pads": pads, "record": True,
        **slots,
    }  # fmt: skip


def heard(page: Browser) -> list[list[float]]:
    """Return [Hz, start in seconds] of every tone since the last call; 0 Hz is noise."""
    return list(page.do("const heard = window.heard; window.heard = []; return heard;"))


def caption(page: Browser) -> str:
    return str(page.run("document.querySelector('.caption').textContent"))


def taps(page: Browser) -> list[list[float]]:
    """Return the tune that is kept."""
    kept = page.run("Object.entries(localStorage).find(([key]) => key.endsWith('block000'))?.[1] ?? '{}'")
    return list(json.loads(kept).get("tune", []))


def hold(page: Browser, number: int, *, kind: str = "pointerdown") -> None:
    """Put a finger on a pad."""
    page.do(
        f"document.querySelectorAll('.pad')[{number}].dispatchEvent(new PointerEvent('{kind}', {{bubbles: true}}))"
    )


@pytest.mark.parametrize("size", [(320, 568), PHONE, WIDE])
@pytest.mark.parametrize("layout", ["pads", "piano", "drums"])
def test_pads_fit_each_width(open_app, size, layout):
    long = [{"label": "w" * 20, "icon": "cat", "note": one} for one in NOTES]
    for theme in ({}, {"size": "large", "font": "pixel"}):
        for pads in (long, long[:1]):
            page = open_app(app(soundboard(layout=layout, pads=pads), theme=theme), size=size)
            assert page.sideways() == []
            small = page.run(
                "[...document.querySelectorAll('.pad, .dark')].filter((one) => one.checkVisibility())"
                ".filter((one) => one.offsetWidth < 44 || one.offsetHeight < 44).length"
            )
            assert small == 0


@pytest.mark.parametrize("instrument", ["piano", "bell", "synth", "drum", "voice", "animal"])
def test_every_note_of_every_instrument_sounds(open_app, instrument):
    page = open_app(app(soundboard(16, instrument=instrument)), before=EAR)
    first = []
    for number in range(16):
        page.click(".pad", number)
        tones = heard(page)
        assert tones, NOTES[number]
        first.append(tones[0][0])
    scale = first[:8]
    assert scale == sorted(scale)
    assert scale[7] == pytest.approx(2 * scale[0], rel=1e-3)
    assert events(page) == ["start"] + ["click"] * 16


@pytest.mark.parametrize(
    ("instrument", "number"),
    [
        *((name, 4) for name in ("piano", "bell", "synth", "drum", "voice", "animal")),
        *(("piano", n) for n in range(8, 16)),
    ],
)
def test_every_sound_is_loud_enough_and_never_cut_off(open_app, instrument, number):
    page = open_app(app(soundboard(16, instrument=instrument)), before=MEMORY)
    page.click(".pad", number)
    page.do(
        "window.loudest = null; played.startRendering().then((sound) => {"
        " window.loudest = Math.max(...sound.getChannelData(0).map(Math.abs)); });"
    )
    page.wait("window.loudest !== null")
    assert 0.2 < page.run("window.loudest") < 0.95


def test_a_pad_sounds_when_the_finger_comes_down_and_only_once(open_app):
    page = open_app(app(soundboard()), before=EAR)
    hold(page, 0)
    assert len(heard(page)) == 3
    assert page.run("document.querySelectorAll('.pad.hit').length") == 1
    assert caption(page) == "Pad 1"
    page.do(
        "document.querySelector('.pad').dispatchEvent(new MouseEvent('click', {bubbles: true, detail: 1}))"
    )
    assert heard(page) == []
    hold(page, 1)  # two fingers at a time
    hold(page, 2)
    assert page.run("document.querySelectorAll('.pad.hit').length") == 3
    page.wait("document.querySelectorAll('.hit').length === 0")
    assert events(page) == ["start", "click", "click", "click"]


def test_without_sound_it_shows_what_would_sound(open_app):
    page = open_app(
        app(soundboard()), before="window.AudioContext = undefined; window.webkitAudioContext = undefined;"
    )
    page.click(".pad", 2)
    assert caption(page) == "Pad 3"
    assert page.run("document.querySelectorAll('.caption .gl-mute').length") == 1
    assert page.run("document.querySelectorAll('.pad.hit').length") == 1


def test_a_sound_card_that_breaks_does_not_break_the_app(open_app):
    broken = EAR + "AudioContext.prototype.createOscillator = () => { throw new Error('gone'); };"
    page = open_app(app(soundboard()), before=broken)
    page.click(".pad")
    page.click(".pad", 1)
    assert events(page) == ["start", "click", "click"]


def test_number_keys_play_and_are_named(open_app):
    page = open_app(app(soundboard(11)), size=WIDE)
    page.press("2")
    assert caption(page) == "Pad 2"
    page.press("w")  # after the nine numbers the letters below them
    assert caption(page) == "Pad 11"
    names = page.run("[...document.querySelectorAll('.pad')].map((one) => one.getAttribute('aria-label'))")
    assert names[1] == "Pad 2, key 2"
    assert names[10] == "Pad 11, key W"
    page.do("document.querySelector('.pad').focus()")
    page.press(Qt.Key.Key_Space)
    assert events(page) == ["start", "click", "click", "click"]
    page = open_app(app(soundboard(), note()))  # among others only with the focus inside
    page.press("2")
    assert events(page) == ["start"]


def test_a_piano_has_dark_keys_only_between_whole_tones(open_app):
    page = open_app(app(soundboard(9, layout="piano")), before=EAR, size=WIDE)
    dark = page.run(
        "[...document.querySelectorAll('.dark')].filter((one) => one.checkVisibility()).map((one) => one.dataset.pad)"
    )
    assert dark == ["0.5", "1.5", "3.5", "5.5"]  # the row ends after five keys of nine
    assert (
        page.run("document.querySelector('.dark').getAttribute('aria-label')")
        == "Between Pad 1 and Pad 2, key W"
    )
    page.press("w")
    assert heard(page)[0][0] == pytest.approx(277.18, abs=0.02)
    page.press("k")
    assert heard(page)[0][0] == pytest.approx(523.25)


# --- tunes


def tune(page: Browser, *pads: int) -> None:
    page.click("[data-act=record]")
    for pad in pads:
        page.click(".pad", pad)
        ahead(page, 0.5)
    page.click("[data-act=record]")


def test_a_tune_is_its_taps_and_plays_again(open_app):
    page = open_app(app(soundboard()), before=EAR)
    assert "Keeps your taps, never your voice" in page.text()
    page.click("[data-act=record]")
    said(page, "Recording. Play something!")
    ahead(page, 5)  # a tune begins with its first tap
    page.click(".pad", 2)
    ahead(page, 1)
    page.click(".pad", 0)
    assert page.run("document.querySelector('[data-act=record]').textContent") == "Stop"
    page.click("[data-act=record]")
    said(page, "Sounds kept: 2")
    (zero, third), (second, first) = taps(page)
    assert (zero, third, first) == (0, 2, 0)
    assert 1000 <= second < 3000
    heard(page)
    page.click("[data-act=play]")
    said(page, "Your tune plays.")
    page.wait("document.querySelector('.caption').textContent === 'Pad 3'")
    ahead(page, second / 1000)
    page.wait("document.querySelector('.caption').textContent === 'Pad 1'")
    assert page.run("Number(document.querySelector('.beam').getAttribute('x'))") > 0
    ahead(page, 5)
    page.wait("!document.querySelector('[data-act=play] .gl-stop')")
    said(page, "Your tune stopped.")
    assert len(heard(page)) == 6
    assert events(page) == ["start", "click", "click"]


def test_a_tune_can_be_stopped_and_lasts_over_a_reload(open_app):
    shown = document(app(soundboard()))
    page = open_app(shown)
    tune(page, 0, 1, 2)
    page.click("[data-act=play]")
    page.click("[data-act=play]")
    assert page.run("document.querySelectorAll('[data-act=play] .gl-play').length") == 1
    page.load(render(shown))
    assert page.run("document.querySelectorAll('.wave rect:not(.beam)').length") == 3
    page.click("[data-act=menu]")
    page.click("[data-act=over]")
    assert "Start over and erase?" in page.text()
    page.click("[data-act=erase]")
    assert taps(page) == []
    assert page.run("document.querySelectorAll('[data-act=play]').length") == 0


def test_an_empty_recording_keeps_the_old_tune_and_a_long_one_has_an_end(open_app):
    page = open_app(app(soundboard()))
    tune(page, 3)
    tune(page)
    assert taps(page) == [[0, 3]]
    page.click("[data-act=record]")
    page.do("for (let i = 0; i < 400; i += 1) document.querySelector('.pad').click();")
    said(page, "Your tune is full. Sounds kept: 300")
    assert len(taps(page)) == 300
    page.click("[data-act=record]")
    page.click(".pad")
    ahead(page, 121)
    page.wait("!document.querySelector('[data-act=record] .gl-stop')")


@pytest.mark.parametrize(
    "kept",
    ['"x"', '{"tune": 5}', '{"tune": [[0, 99], [-1, 0], [1e9, 0], "x", [0, 0.3], [null, null], [5, 1]]}'],
)
def test_bytes_of_somebody_else_are_no_tune(open_app, kept):
    shown = document(app(soundboard()))
    page = open_app(shown)
    page.do(f"localStorage.setItem('sprout:{shown.id}:block000', {json.dumps(kept)})")
    page.load(render(shown))
    assert page.run("document.querySelectorAll('.wave rect:not(.beam)').length") == kept.count("[5, 1]")
    page.click(".pad")


def test_rules_hear_clicks_an_edit_keeps_the_tune_and_look_finds_the_pad(open_app):
    blueprint = app(soundboard(), rules=[rule("b1", "click", "b1", "shake", "Boom!")])
    page = open_app(document(blueprint, number=9401), everything=True)
    tune(page, 0, 3)
    assert "Boom!" in page.text()
    page.do(render_update(document(app(soundboard(3)), number=9401)))
    assert (
        page.run("document.querySelectorAll('.wave rect:not(.beam)').length") == 1
    )  # the fourth pad is gone
    assert page.run("sprout.look(0, 'pads', 2)")
    page.do(render_update(document(app(soundboard(3, record=False)), number=9401)))
    assert page.run("document.querySelectorAll('.tape').length") == 0
