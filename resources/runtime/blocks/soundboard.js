// Pads that sound, out of a few tones each. A tune is the list of its taps, [milliseconds, pad]: no microphone.
// The dark keys of a piano lie between two pads: their number is that of the left one and a half.
const MOST_TAPS = 300;
const MOST_MS = 120000;
const BEAT_MS = 25;
const AHEAD_MS = 60;   // tones are asked for a little early and start on time
const RING_MS = 350;
const KEYS = { pads: "123456789qwertyu", drums: "123456789qwertyu", piano: "asdfghjklzxcvbnm", dark: "wertyui" };
const HERTZ = { C4: 261.63, D4: 293.66, E4: 329.63, F4: 349.23, G4: 392, A4: 440, B4: 493.88, C5: 523.25 };
const SCALE = Object.keys(HERTZ);
const HALF = 2 ** (1 / 12);
const VOICES = {
  piano: (f) => [[0, f, 1.2, 0.25, "triangle"], [0, 2 * f, 0.6, 0.08, "sine"], [0, 3 * f, 0.3, 0.04, "sine"]],
  bell: (f) => [[0, 2 * f, 1.8, 0.18, "sine"], [0, 5.5 * f, 0.9, 0.07, "sine"], [0, 10.8 * f, 0.4, 0.03, "sine"]],
  synth: (f) => [[0, f, 0.5, 0.14, "sawtooth", 0, "lowpass", 8 * f, 2 * f], [0, 1.006 * f, 0.5, 0.08, "square", 0, "lowpass", 6 * f, f]],
  drum: (f) => [[0, 0.7 * f, 0.35, 0.5, "sine", 0.3 * f], [0, 0, 0.05, 0.2, "noise", 0, "lowpass", 1500]],
  voice: (f) => [[750, 0.6], [1200, 0.4], [2700, 0.2]].map(([cut, loud]) => [0, f, 0.9, loud, "sawtooth", 1.01 * f, "bandpass", cut]),
  animal: (f) => [[0, 1.1 * f, 0.2, 0.8, "sawtooth", 1.8 * f, "bandpass", 700, 1500], [0.16, 1.8 * f, 0.5, 0.9, "sawtooth", 0.9 * f, "bandpass", 1500, 600]],
};
const NOISES = {
  kick: [[0, 160, 0.35, 0.7, "sine", 42]],
  snare: [[0, 0, 0.2, 0.35, "noise", 0, "highpass", 1500], [0, 200, 0.12, 0.3, "triangle", 140]],
  hat: [[0, 0, 0.08, 0.3, "noise", 0, "highpass", 7000]],
  clap: [0, 0.025, 0.05].map((at) => [at, 0, at ? 0.14 : 0.03, 1.5, "noise", 0, "bandpass", 1500]),
  boing: [[0, 140, 0.18, 0.35, "triangle", 700], [0.16, 700, 0.4, 0.3, "triangle", 180]],
  whoosh: [[0, 0, 0.35, 1, "noise", 0, "bandpass", 300, 3000], [0.3, 0, 0.4, 1, "noise", 0, "bandpass", 3000, 300]],
  ding: [[0, 1319, 1.4, 0.25, "sine"], [0, 3627, 0.6, 0.07, "sine"]],
  buzz: [[0, 110, 0.45, 0.2, "sawtooth", 100, "lowpass", 1800]],
};

const noteOf = ({ slots }, pad) => slots.pads[Math.floor(pad)].note;
const sing = (kit, pad, delay = 0) => {
  const note = noteOf(kit, pad);
  const tones = NOISES[note] || VOICES[kit.slots.instrument](HERTZ[note] * (pad % 1 ? HALF : 1));
  kit.tones(tones.map(([start, ...rest]) => [start + delay, ...rest]));
};
// A dark key between two neighbours of the scale that are a whole tone apart.
const hasDark = (kit, pad) => kit.slots.layout === "piano" && Boolean(kit.slots.pads[pad + 1])
  && SCALE.indexOf(noteOf(kit, pad)) === SCALE.indexOf(noteOf(kit, pad + 1)) - 1 && !"EB".includes(noteOf(kit, pad)[0]) && noteOf(kit, pad) in HERTZ;
const nameOf = (kit, pad) => (pad % 1 ? kit.word("soundBetween", { a: kit.slots.pads[pad - 0.5].label, b: kit.slots.pads[pad + 0.5].label }) : kit.slots.pads[pad].label);

const show = (kit, pad) => {
  const node = kit.section.querySelector(`[data-pad="${pad}"]`);
  if (!node) return;
  node.hits = (node.hits || 0) + 1;
  node.classList.add("hit");
  kit.after(RING_MS, () => { node.hits -= 1; node.classList.toggle("hit", node.hits > 0); });
  kit.section.querySelector(".caption").replaceChildren(kit.glyph(kit.audio() ? "sound" : "mute"), kit.h("b", { dir: "auto" }, nameOf(kit, pad)));
};

const hit = (kit, pad) => {
  const { state } = kit;
  sing(kit, pad);
  show(kit, pad);
  if (state.phase === "recording") {
    const now = Date.now();
    state.from ||= now;   // a tune begins with its first tap
    state.draft.push([now - state.from, pad]);
    if (state.draft.length >= MOST_TAPS) stop(kit, "soundFull");
  }
  kit.fire("click");
};

const stop = (kit, key) => {
  const { state, word } = kit;
  if (state.phase === "recording" && state.draft.length) {
    state.tune = state.draft;
    kit.keep({ tune: state.tune });
  }
  state.phase = "";
  kit.say(word(key, { n: state.tune.length }));
  kit.paint();
};

const turnOn = (kit, phase) => {
  const { state } = kit;
  if (state.phase === phase) { stop(kit, phase === "recording" ? "soundKept" : "soundStopped"); return; }
  Object.assign(state, { phase, draft: [], from: 0, began: Date.now(), next: 0 });
  kit.say(kit.word(phase === "recording" ? "soundRecording" : "soundPlaying"));
  kit.paint();
};

const drawPad = (kit, pad, key) => {
  const { slots, h, word, icon } = kit;
  const dark = pad % 1 > 0;
  const name = nameOf(kit, pad);
  let down = false;
  let silent = false;
  return kit.button("pad", dark ? ".dark" : `.pad${name.length > 9 ? ".small" : ""}`, {
    "data-pad": pad, "data-place": `pads/${pad}`, "data-key": key.toUpperCase(), "aria-label": word("soundKey", { label: name, key: key.toUpperCase() }), "--c": `var(--s${(Math.floor(pad) % 6) + 1})`,
    pointerdown: (event) => { if (event.button) return; down = true; silent = !kit.audio(); hit(kit, pad); },
    click: (event) => {
      const touched = down && event.detail > 0;
      down = false;
      if (!touched) hit(kit, pad);
      else if (silent) sing(kit, pad);   // a browser lets sound begin only when the first finger is up again
    },
  }, dark ? null : [icon(slots.pads[pad].icon, "m"), h("span", { dir: "auto" }, name)]);
};

const drawTape = (kit) => {
  const { state, slots, h, shape, word, glyph } = kit;
  const { tune, phase } = state;
  const total = tune.length ? tune[tune.length - 1][0] + 600 : 1;
  const beam = shape("rect", { class: "beam", width: 1, height: 40, x: -2 });
  const middle = phase === "recording" ? h("b", word("soundRecording")) : !tune.length ? h("span.muted.small", word("soundEmpty"))
    : shape("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", "aria-hidden": "true" },
      tune.map(([ms, pad]) => shape("rect", { x: (98 * ms) / total, y: 30 - (28 * pad) / slots.pads.length, width: 1.4, height: 9, fill: `var(--s${(Math.floor(pad) % 6) + 1})` })), beam);
  if (phase === "playing") {
    kit.every(BEAT_MS, () => {
      const ms = Date.now() - state.began;
      beam.setAttribute("x", (98 * ms) / total);
      for (; tune[state.next]?.[0] <= ms + AHEAD_MS; state.next += 1) {
        const [at, pad] = tune[state.next];
        sing(kit, pad, Math.max(0, at - ms) / 1000);
        show(kit, pad);
      }
      if (ms > total) stop(kit, "soundStopped");
    });
  }
  if (phase === "recording") kit.every(1000, () => { if (state.from && Date.now() - state.from > MOST_MS) stop(kit, "soundFull"); });
  const on = (name) => phase === name;
  return h("div.tape", kit.button("record", ".btn.rec", { click: () => turnOn(kit, "recording"), "aria-pressed": String(on("recording")) },
    on("recording") ? glyph("stop") : h("i"), word(on("recording") ? "stop" : "soundRecord")), h("div.wave", middle),
  tune.length > 0 && !on("recording") && kit.button("play", ".round", { click: () => turnOn(kit, "playing"), "aria-label": word(on("playing") ? "stop" : "soundPlay") }, glyph(on("playing") ? "stop" : "play")));
};

// Taps that were kept and still have their pad, in order.
const soundTune = ({ slots }, list) => (Array.isArray(list) ? list : []).filter((tap) => Array.isArray(tap) && tap.every(Number.isFinite) && tap[0] >= 0 && tap[0] <= MOST_MS
  && (2 * tap[1]) % 1 === 0 && slots.pads[Math.floor(tap[1])]).slice(0, MOST_TAPS).sort((a, b) => a[0] - b[0]);

sprout.block("soundboard", {
  wide: true,
  events: ["click"],
  icon: "music",
  fresh: (kit) => ({ tune: soundTune(kit, kit.kept()?.tune), phase: "" }),
  precious: (kit) => kit.state.tune.length > 0,
  elsewhere: (kit) => { if (!kit.state.phase) { kit.state.tune = soundTune(kit, kit.kept()?.tune); kit.paint(); } },
  adapt: (state, before, after, kit) => ({ tune: soundTune(kit, state.tune), phase: "" }),
  mount(box, kit) {
    const { slots, h } = kit;
    const { layout, pads } = slots;
    const keys = new Map();
    const made = (pad, key) => { keys.set(key, pad); return drawPad(kit, pad, key); };
    box.append(...[h(`div.pads.as-${layout}${pads.length < 5 ? ".few" : ""}`, { role: "group", "aria-label": slots.title }, pads.map((_, pad) => {
      const white = made(pad, KEYS[layout][pad]);
      return layout === "piano" ? h("div", white, hasDark(kit, pad) && made(pad + 0.5, KEYS.dark[pad] || "")) : white;
    })), h("p.caption", { "aria-hidden": "true" }), slots.record && drawTape(kit)].filter(Boolean));
    kit.keys(({ key, repeat }) => { if (!repeat && keys.has(key.toLowerCase())) hit(kit, keys.get(key.toLowerCase())); });
  },
  fit(box, { slots }) {
    const count = slots.pads.length;
    const wide = box.clientWidth > 600;
    const narrow = box.clientWidth < 15 * parseFloat(getComputedStyle(root).fontSize);
    const piano = Math.ceil(count / Math.ceil(count / (wide ? 8 : narrow ? 3 : 4)));
    const cols = slots.layout === "piano" ? piano : count < 5 ? Math.min(wide ? 4 : 2, count) : narrow ? 2 : wide && count > 9 ? 4 : 3;
    box.querySelector(".pads").style.setProperty("--cols", cols);
    box.querySelectorAll(".dark").forEach((key) => { key.hidden = Number(key.dataset.pad) % cols === cols - 0.5; });
  },
  look: ({ section }, list, item) => (list === "pads" ? section.querySelectorAll(".pad")[item] : null),
});
