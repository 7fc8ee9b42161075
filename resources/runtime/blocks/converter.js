// Two fields that always agree. The state holds what was typed and on which side; the other side is worked out anew.
const PAUSE_MS = 700;
const TABLE = [1, 2, 5, 10, 20, 50, 100];

const format = (kit, number, useGrouping = true) => writeNumber(kit, number,
  { useGrouping, ...(Math.abs(number) < 1 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 2 }) });

const units = ({ slots, state }) => {
  const { frm, to } = slots.pairs[state.pair];
  return state.swapped ? [to, frm] : [frm, to];
};

// What the other field and the line below both show; `bad` names what is wrong with the number.
const workOut = (kit) => {
  const { slots, state, word } = kit;
  const { factor, offset } = slots.pairs[state.pair];
  const value = readNumber(kit, state.text);
  const result = (state.side === 0) !== state.swapped ? value * factor + offset : (value - offset) / factor;
  const bad = !state.text.trim() ? "converterEmpty" : Number.isNaN(value) ? "converterNumber" : Math.abs(value) > MOST_NUMBER || Math.abs(result) > MOST_NUMBER ? "converterBig" : "";
  const [from, to] = [units(kit)[state.side], units(kit)[1 - state.side]];
  return { bad, other: bad ? "" : format(kit, result, false), line: word(bad || "converterIs", { a: format(kit, value), from, b: format(kit, result), to }) };
};

const settle = (kit) => {
  const { bad, line } = workOut(kit);
  if (kit.state.told === line) return;
  kit.state.told = line;
  kit.say(line);
  if (!bad) kit.fire("change");
};

const change = (kit, news) => {
  Object.assign(kit.state, news);
  kit.sound("tap");
  kit.paint();
  settle(kit);
};

sprout.block("converter", {
  events: ["change"],
  icon: "bolt",
  fresh: () => ({ pair: 0, swapped: false, side: 0, text: "10" }),
  adapt: (state, before, after) => ({ ...state, pair: Math.min(state.pair, after.pairs.length - 1) }),
  mount(box, kit) {
    const { state, slots, h, word } = kit;
    box.dataset.place = `pairs/${state.pair}`;
    const line = h("p.equation.mid", { dir: "auto" });
    const inputs = units(kit).map((unit, side) => h("input", { "data-act": `side${side}`, inputmode: "decimal", autocomplete: "off", maxlength: 24, "aria-label": unit }));
    const update = () => {
      const { bad, other, line: text } = workOut(kit);
      inputs[1 - state.side].value = other;
      inputs.forEach((input, side) => {
        input.setAttribute("aria-invalid", String(side === state.side && bad !== "" && bad !== "converterEmpty"));
        input.style.setProperty("--k", Math.max(9, input.value.length));
      });
      line.textContent = text;
    };
    inputs.forEach((input, side) => {
      let wait = 0;
      input.addEventListener("input", () => {
        Object.assign(state, { side, text: input.value });
        update();
        const mine = (wait += 1);
        kit.after(PAUSE_MS, () => { if (mine === wait) settle(kit); });
      });
      input.addEventListener("change", () => settle(kit));
    });
    inputs[state.side].value = state.text;
    const swap = kit.button("swap", ".btn.swap", { "aria-label": word("converterSwap") }, kit.glyph("turn"));
    swap.classList.toggle("turned", state.turned === true);
    state.turned = false;
    swap.addEventListener("click", () => change(kit, { swapped: !state.swapped, turned: true }));
    const names = slots.pairs.map(({ frm, to }, i) => h("option", { value: i, selected: i === state.pair }, `${frm} – ${to}`));
    const list = names.length > 1 && h("select.field", { "data-act": "pair", "aria-label": word("converterPairs"), change: () => change(kit, { pair: Number(list.value) }) }, names);
    const side = (i) => h("label.card.unit", h("span", { dir: "auto" }, units(kit)[i]), inputs[i]);
    update();
    box.append(...[list, h("div.converting", side(0), swap, side(1)), line].filter(Boolean));
  },
  look(kit, list, item) {
    if (list !== "pairs" || kit.state.pair === item) return;
    kit.state.pair = item;
    kit.paint();
  },
  sheet: (kit) => kit.h("div", kit.slots.pairs.map(({ frm, to, factor, offset }) => kit.h("ul", TABLE.map((value) =>
    kit.h("li", kit.word("converterIs", { a: value, from: frm, b: format(kit, value * factor + offset), to })))))),
});
