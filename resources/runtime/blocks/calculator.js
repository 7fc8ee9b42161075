// One formula over named numbers. It is read by hand, token by token, as studio/blueprints/formula.py reads it.
const PAUSE_MS = 700;
const WORK = { "+": (a, b) => a + b, "-": (a, b) => a - b, "*": (a, b) => a * b, "/": (a, b, values) => { values.zero ||= b === 0; return a / b; } };
const SIGNS = { "+": "+", "-": "−", "*": "×", "/": "÷", "(": "(", ")": ")" };
const TOKEN = /^ *(\d+(?:\.\d+)?|\.\d+|[-+*/()a-d])/;

// What a formula works out from the values of its letters, and its tokens; null where it means nothing.
const compile = (text, letters) => {
  const tokens = [];
  let at = 0;
  for (let rest = text.replace(/ +$/, ""); rest;) {
    const found = TOKEN.exec(rest);
    if (!found) return null;
    tokens.push(found[1]);
    rest = rest.slice(found[0].length);
  }
  const chain = (part, signs) => {
    let left = part();
    while (left && signs.includes(tokens[at])) {
      const [work, a] = [WORK[tokens[at]], left];
      at += 1;
      const b = part();
      left = b && ((values) => work(a(values), b(values), values));
    }
    return left;
  };
  const atom = () => {
    const token = tokens[at] || "";
    at += 1;
    if (token === "(") {
      const inner = sum();
      at += 1;
      return tokens[at - 1] === ")" ? inner : null;
    }
    if (/[\d.]/.test(token)) return () => Number(token);
    return token && letters.includes(token) ? (values) => values[letters.indexOf(token)] : null;
  };
  const sign = () => {
    const minus = tokens[at] === "-";
    if (!minus && tokens[at] !== "+") return atom();
    at += 1;
    const one = sign();
    return one && minus ? (values) => -one(values) : one;
  };
  const sum = () => chain(() => chain(sign, "*/"), "+-");
  const work = sum();
  return work && at === tokens.length ? { work, tokens } : null;
};

const formulaOf = ({ formula, inputs }) => {
  const letters = "abcd".slice(0, inputs.length);
  return compile(formula, letters) || compile([...letters].join("+"), letters);
};
const inWords = (tokens, name) => tokens.map((token) => SIGNS[token] || name(token)).join(" ").replace(/\( /g, "(").replace(/ \)/g, ")");

const workOut = (kit) => {
  const { slots, state, word } = kit;
  const { decimals, unit, result: name } = slots;
  const values = state.texts.map((text) => readNumber(kit, text));
  const wrong = values.findIndex((value) => !(Math.abs(value) <= MOST_NUMBER));
  const { work, tokens } = formulaOf(slots);
  const exact = work(values);
  const label = (token) => slots.inputs["abcd".indexOf(token)]?.label || writeNumber(kit, Number(token));
  const bad = (key, at) => ({ at, line: word(key, { label: slots.inputs[at]?.label, n: writeNumber(kit, 2.5) }) });
  if (wrong >= 0) return bad(!state.texts[wrong].trim() ? "calculatorEmpty" : Number.isNaN(values[wrong]) ? "calculatorNumber" : "calculatorBig", wrong);
  if (values.zero) return bad("calculatorZero");
  if (!(Math.abs(exact) < MOST_NUMBER)) return bad("calculatorBig");
  const rounded = Number(exact.toFixed(decimals));
  const money = decimals === 2 && !Number.isInteger(rounded);
  const n = writeNumber(kit, rounded, { maximumFractionDigits: decimals, minimumFractionDigits: money ? 2 : 0 });
  const about = Math.abs(rounded - exact) > 1e-9 * Math.max(1, Math.abs(exact));
  const number = (token) => {
    const value = values["abcd".indexOf(token)];
    const text = writeNumber(kit, value ?? Number(token), { maximumFractionDigits: 12 });
    return value < 0 ? `(${text})` : text;
  };
  return { n, line: `${inWords(tokens, number)} ${about ? "≈" : "="} ${n}`, more: inWords(tokens, label),
    told: word(about ? "calculatorAbout" : "calculatorIs", { name, n, unit }).trim() };
};

// Heard once for each new result; a change is one for each new set of numbers.
const settle = (kit) => {
  const { state } = kit;
  const { at, line, told = line } = workOut(kit);
  const texts = state.texts.join();
  if (state.told !== told) kit.say(told);
  const news = state.settled !== texts;
  Object.assign(state, { told, settled: texts });
  if (news && at === undefined) kit.fire("change");
};

const drawInput = (kit, at, update) => {
  const { state, slots, h, word, glyph } = kit;
  const { label, unit } = slots.inputs[at];
  const id = `${kit.id}-${at}`;
  const field = h("input", { id, "data-act": "number", inputmode: "decimal", autocomplete: "off", maxlength: 24, value: state.texts[at] });
  let wait = 0;
  const typed = () => {
    state.texts[at] = field.value;
    update();
    const mine = (wait += 1);
    kit.after(PAUSE_MS, () => { if (mine === wait) settle(kit); });
  };
  const step = (by) => {
    const value = readNumber(kit, field.value) || 0;
    field.value = writeNumber(kit, value + by, { useGrouping: false, maximumFractionDigits: 9 });
    kit.sound("tap");
    typed();
  };
  field.addEventListener("input", typed);
  field.addEventListener("change", () => settle(kit));
  field.addEventListener("keydown", (event) => {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (by) { event.preventDefault(); step(by); }
  });
  const press = (act, key, by) => kit.button(act, ".btn.soft", { "aria-label": word(key, { label, n: 1 }), click: () => step(by) }, glyph(act));
  return h("div.given", { "data-place": `inputs/${at}` }, h("label", { for: id, dir: "auto" }, label, unit && ` (${unit})`), field,
    press("minus", "counterDown", -1), press("plus", "counterUp", 1));
};

const starts = ({ slots }) => slots.inputs.map(({ start }) => String(start));

sprout.block("calculator", {
  events: ["change"],
  icon: "check",
  fresh: (kit) => ({ texts: starts(kit) }),
  adapt: (state, before, after) => (before.inputs.length === after.inputs.length
    ? { texts: after.inputs.map(({ start }, i) => (before.inputs[i].start === start ? state.texts[i] : String(start))) } : null),
  mount(box, kit) {
    const { state, slots, h } = kit;
    const answer = h("div.card.answer");
    const update = () => {
      const { n, line, more, at } = workOut(kit);
      const text = n || "?";
      answer.replaceChildren(...[kit.icon(kit.app.icon, "m"), h("h3", { dir: "auto" }, slots.result),
        h("p.huge.num", { "--k": Math.max(4, text.length + slots.unit.length / 2) }, h("b", text), n && slots.unit && h("span", { dir: "auto" }, slots.unit)),
        h("p", { dir: "auto" }, line), more && h("p.muted.small", { dir: "auto" }, more)].filter(Boolean));
      box.querySelectorAll("input").forEach((input, i) => input.setAttribute("aria-invalid", String(i === at)));
    };
    box.classList.add("split", "sums");
    box.append(h("div.left", answer), h("div.side", slots.inputs.map((_, i) => drawInput(kit, i, update))));
    update();
    state.told ??= workOut(kit).told;
    state.settled ??= state.texts.join();
  },
  look: ({ section }, list, item) => (list === "inputs" ? section.querySelectorAll(".given")[item] : null),
});
