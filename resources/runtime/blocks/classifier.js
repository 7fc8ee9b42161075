// Guess with a model that was taught and lies inside the page (docs/interfaces.md tells its shape). Words become a set
// of hashed word and letter runs, a drawing 28 x 28 grey dots; one row of weights for each label gives its chance.
const SIDE = 28;
const DRAWN = 20;             // the longer side of a drawing, in dots
const THICK = 1.5;
const MOST_POINTS = 600;
const MOST_READ = 2000;
const LETTERS = 400;
const STEP = 4;               // one press of an arrow key, in percent of the pad
const GAPS = /[\0-\x20\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+/g;
const MARKS = /[\0-\/:-@[-\x60{-\xbf\u2000-\u206f\u3000-\u303f\ufeff]+/;
const NEEDS = { image: "classifierImage", webcam: "classifierWebcam", sound: "classifierSound", text: "classifierText", drawing: "classifierDrawing" };

const numbers = (list, length) => Array.isArray(list) && list.length === length && list.every(Number.isFinite);
const whole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

const bytes = (text) => {
  try {
    return Int8Array.from(atob(text), (one) => one.charCodeAt(0));
  } catch {
    return new Int8Array();
  }
};

// The model of this block, or null where there is none that fits: then the card is shown, never an error.
const readModel = ({ models, slots }) => {
  const model = Object.hasOwn(models, slots.model) ? models[slots.model] : null;
  const count = slots.labels.length;
  if (!model || model.version !== 1 || model.input !== slots.input || !Array.isArray(model.labels) || model.labels.length !== count) return null;
  const text = model.input === "text";
  const [from, to] = Array.isArray(model.letters) ? model.letters : [];
  if (text ? !whole(model.bits, 4, 14) || !whole(model.words, 0, 3) || !whole(from, 1, 8) || !whole(to, 0, 8) : model.input !== "drawing") return null;
  const size = text ? 2 ** model.bits : SIDE * SIDE;
  const weights = typeof model.weights === "string" ? bytes(model.weights) : [];
  if (weights.length !== size * count || !numbers(model.scale, count) || !numbers(model.bias, count) || !(model.temperature > 0)) return null;
  const named = slots.labels.map((label) => model.labels.indexOf(label.name));
  return { ...model, weights, size, rows: named.every((row, i) => row >= 0 && named.indexOf(row) === i) ? named : named.map((_, i) => i) };
};

const hashed = (kind, letters, mask) => {
  let a = Math.imul(2166136261 ^ kind, 16777619);
  for (const letter of letters) a = Math.imul(a ^ letter.codePointAt(0), 16777619);
  return (a ^ (a >>> 15)) & mask;
};

// Place -> strength, of length 1 taken together.
const readWords = ({ bits, words, letters: [from, to] }, text) => {
  const clean = [...text].slice(0, MOST_READ).join("").normalize("NFKC").toLowerCase().replace(GAPS, " ");
  const found = new Set();
  const tokens = clean.split(MARKS).filter(Boolean);
  const runs = (kind, list, n, glue) => { for (let i = 0; i + n <= list.length; i += 1) found.add(hashed(kind, list.slice(i, i + n).join(glue), 2 ** bits - 1)); };
  for (let n = 1; n <= words; n += 1) runs(1, tokens, n, " ");
  for (let n = from; n <= to; n += 1) runs(2, [...` ${clean.replace(/^ | $/g, "")} `], n, "");
  return new Map([...found].map((place) => [place, 1 / Math.sqrt(found.size)]));
};

const readDrawing = (strokes) => {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = DRAWN / Math.max(right - left, bottom - top, 1);
  const fit = ([x, y]) => [SIDE / 2 + (x - (left + right) / 2) * scale, SIDE / 2 + (y - (top + bottom) / 2) * scale];
  const ink = new Float64Array(SIDE * SIDE);
  for (const stroke of strokes) {
    stroke.map(fit).forEach(([x, y], i, points) => {
      const [fromX, fromY] = points[Math.max(0, i - 1)];
      const [goX, goY] = [x - fromX, y - fromY];
      const long = goX * goX + goY * goY;
      ink.forEach((grey, place) => {
        const [dotX, dotY] = [(place % SIDE) + 0.5, Math.floor(place / SIDE) + 0.5];
        const along = long ? Math.min(1, Math.max(0, ((dotX - fromX) * goX + (dotY - fromY) * goY) / long)) : 0;
        const [awayX, awayY] = [dotX - fromX - along * goX, dotY - fromY - along * goY];
        ink[place] = Math.max(grey, Math.min(1, THICK - Math.sqrt(awayX * awayX + awayY * awayY)));
      });
    });
  }
  const length = Math.sqrt(ink.reduce((sum, grey) => sum + grey * grey, 0)) || 1;
  return new Map([...ink].map((grey, place) => [place, grey / length]).filter((one) => one[1] > 0));
};

// One chance for each label of the block, together 1.
const guessChances = (model, input) => {
  const seen = model.input === "text" ? readWords(model, input) : readDrawing(input);
  const scores = model.rows.map((row) => {
    let sum = 0;
    seen.forEach((strength, place) => { sum += strength * model.weights[row * model.size + place]; });
    return (model.bias[row] + model.scale[row] * sum) / model.temperature;
  });
  const most = Math.max(...scores);
  const parts = scores.map((score) => Math.exp(score - most));
  return parts.map((part) => part / parts.reduce((sum, one) => sum + one, 0));
};

const guess = (kit) => {
  const { state, slots, word } = kit;
  const empty = slots.input === "text" ? !state.text.trim() : !state.strokes.length;
  if (empty) { kit.say(word(slots.input === "text" ? "classifierWrite" : "classifierDraw")); return; }
  const chances = guessChances(readModel(kit), slots.input === "text" ? state.text : state.strokes);
  const best = chances.indexOf(Math.max(...chances));
  const sure = 100 * chances[best] >= slots.sure;
  Object.assign(state, { before: state.chances, chances, best, sure });
  kit.sound(sure ? "good" : "tap");
  kit.say(sure ? word("classifierSays", { label: slots.labels[best].name, percent: Math.round(100 * chances[best]) }) : word("classifierUnsure"), sure && slots.labels[best].say);
  kit.paint();
  kit.fire("change");
  kit.fire(sure ? "right" : "wrong");
};

const pointAt = (pad, event) => {
  const { left, top, width, height } = pad.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height].map((n) => Math.round(1000 * Math.min(1, Math.max(0, n))) / 10);
};

// A pad for a finger, a mouse or the arrow keys: the space bar puts the pen down and lifts it.
const drawPad = (kit) => {
  const { state, h, shape, word } = kit;
  const lines = shape("g", {});
  const pen = shape("circle", { r: 2.5, class: "pen" });
  const pad = h("div.pad", { tabindex: "0", role: "application", "aria-label": word("classifierPad"), "data-hint": word("classifierDraw") }, shape("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }, lines, pen));
  let down = false;
  let place = [50, 50];
  const draw = () => {
    lines.replaceChildren(...state.strokes.map((stroke) => shape("polyline", { points: [...stroke, stroke.at(-1)].join(" ") })));
    pen.setAttribute("cx", place[0]);
    pen.setAttribute("cy", place[1]);
    pen.classList.toggle("down", down);
    pad.classList.toggle("used", state.strokes.length > 0);
  };
  const add = (point, begin) => {
    place = point;
    if (state.strokes.flat().length < MOST_POINTS) { if (begin) state.strokes.push([point]); else state.strokes.at(-1)?.push(point); }
    draw();
  };
  pad.addEventListener("pointerdown", (event) => { if (event.isTrusted) pad.setPointerCapture(event.pointerId); down = true; add(pointAt(pad, event), true); });
  pad.addEventListener("pointermove", (event) => {
    const point = pointAt(pad, event);
    if (down && Math.abs(point[0] - place[0]) + Math.abs(point[1] - place[1]) > 1.5) add(point);
  });
  ["pointerup", "pointercancel"].forEach((name) => pad.addEventListener(name, () => { down = false; draw(); }));
  pad.addEventListener("keydown", (event) => {
    const go = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP], " ": [0, 0] }[event.key];
    if (!go) return;
    event.preventDefault();
    const point = place.map((n, axis) => Math.min(100, Math.max(0, n + go[axis])));
    if (event.key === " ") { down = !down; kit.say(word(down ? "classifierDown" : "classifierUp")); }
    if (down) add(point, event.key === " ");
    else { place = point; draw(); }
  });
  draw();
  return pad;
};

const bars = (kit) => {
  const { state, slots, h, icon } = kit;
  return h("ul.guesses", slots.labels.map((label, i) => {
    const percent = state.chances ? 100 * state.chances[i] : 0;
    const first = state.chances && state.sure && i === state.best;
    return h(`li${first ? ".first" : ""}`, icon(label.icon, "m") || h("span"), h("div", h("span", { dir: "auto" }, label.name),
      h("div.meter", { "aria-hidden": "true" }, h("b", { "--w": `${percent}%`, "--from": `${state.before ? 100 * state.before[i] : 0}%` }))), h("b.num", state.chances ? `${Math.round(percent)} %` : ""));
  }));
};

const learnsFirst = (kit) => {
  const { slots, h, word, icon } = kit;
  return h("div.card.mid.learns", { "data-state": "cannot" }, icon("robot", "xl bob"), h("h3.big", word("classifierLearns")), h("p", word(NEEDS[slots.input])), h("p.muted", word("classifierThen")),
    h("div.row", slots.labels.map((label) => h("span.pill.plain", icon(label.icon), h("span", { dir: "auto" }, label.name)))));
};

const fresh = () => ({ text: "", strokes: [], chances: null, before: null, best: 0, sure: false });

sprout.block("classifier", {
  wide: true,
  events: ["right", "wrong", "change"],
  icon: "robot",
  fresh,
  adapt: (state) => ({ ...state, chances: null, before: null }),
  mount(box, kit) {
    const { state, slots, h, word, glyph } = kit;
    if (!readModel(kit)) { box.append(learnsFirst(kit)); return; }
    const field = slots.input === "text" && h("textarea.field", { "data-act": "write", rows: 3, maxlength: LETTERS, dir: "auto", "aria-label": word("classifierWrite"), placeholder: word("classifierWrite"),
      input: () => { state.text = field.value; },
      keydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); guess(kit); } } }, state.text);
    const clear = !field && kit.button("clear", ".btn.soft", { click: () => { kit.state = fresh(); kit.sound("swish"); kit.paint(); } }, glyph("again"), word("classifierClear"));
    const said = state.chances && h("p.bubble", state.sure && kit.icon(slots.labels[state.best].icon, "m pop"), h("span", { dir: "auto" }, state.sure ? slots.labels[state.best].say : word("classifierUnsure")));
    box.classList.add("split");
    box.append(h("div.left", field || drawPad(kit)), h("div.side", said, h("div.card", bars(kit))), h("div.actions.full.pair", clear, kit.button("guess", ".btn", { click: () => guess(kit) }, word("classifierGuess"))));
  },
});
