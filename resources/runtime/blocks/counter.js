// Numbers that go up and down, each with a ring that closes at the goal; counting goes on after it.
const MOST = 999999;
const RING = 2 * Math.PI * 45;

const load = (kit) => {
  const kept = kit.kept();
  return kit.slots.counters.map(({ start }, i) => (Number.isInteger(kept?.[i]) && Math.abs(kept[i]) <= MOST ? kept[i] : start));
};
const save = (kit) => kit.keep(kit.state.counts);
const shown = (kit, n) => n.toLocaleString(`${kit.app.language}-u-nu-latn`);
const reached = (kit, n) => kit.slots.goal > 0 && n >= kit.slots.goal;

const count = (kit, row, sign) => {
  const { state, slots, word } = kit;
  const { label, step } = slots.counters[row];
  const before = state.counts[row];
  const now = Math.max(-MOST, Math.min(MOST, before + sign * step));
  const won = reached(kit, now) && !reached(kit, before);
  state.counts[row] = now;
  Object.assign(state, { at: row, fresh: row });
  save(kit);
  if (won) kit.joy();
  else kit.sound("tap");
  kit.say(word("counterIs", { label, n: shown(kit, now) }), won && word("counterReached"));
  kit.paint();
  kit.fire("click");
  if (now !== before) kit.fire("change");
  if (won) kit.fire("win");
};

const drawRow = (kit, row) => {
  const { state, slots, h, shape, word, glyph, icon } = kit;
  const { goal } = slots;
  const { label, step, icon: name } = slots.counters[row];
  const n = state.counts[row];
  const text = shown(kit, n);
  const ring = (classes, share) => shape("circle", { cx: 50, cy: 50, r: 45, class: classes, "stroke-dasharray": RING, "stroke-dashoffset": RING * (1 - share) });
  const press = (act, classes, sign, key) => kit.button(act, classes, { "aria-label": word(key, { label, n: step }), click: () => count(kit, row, sign) },
    glyph(act), step > 1 && h("span.num", step));
  const face = h(`div.face-n${goal ? "" : ".bare-n"}`, goal > 0 && shape("svg", { viewBox: "0 0 100 100", "aria-hidden": "true" },
    ring("way", 1), n > 0 && ring("gone", Math.min(1, n / goal))),
  h(`b.num${state.fresh === row ? ".pop" : ""}`, { "--k": Math.max(3, text.length) }, text));
  return h(`li.card.count${reached(kit, n) ? ".full" : ""}`, { "data-place": `counters/${row}` }, h("div.what", icon(name, "m"), h("h3", { dir: "auto" }, label)),
    press("minus", ".btn.soft", -1, "counterDown"), face, press("plus", ".btn", 1, "counterUp"),
    reached(kit, n) && h("p.there", glyph("tick"), word("counterReached")));
};

sprout.block("counter", {
  events: ["click", "change", "win"],
  icon: "check",
  elsewhere: (kit) => { kit.state.counts = load(kit); kit.paint(); },
  fresh(kit, again) {
    if (again) kit.forget();
    return { at: 0, counts: load(kit) };
  },
  adapt(state, before, after, kit) {
    const same = before.counters.length === after.counters.length;
    const counts = after.counters.map(({ label, start }, i) => {
      const old = same ? i : before.counters.findIndex((row) => row.label === label);
      return before.counters[old]?.start === start ? state.counts[old] : start;
    });
    kit.keep(counts);
    return { at: 0, counts };
  },
  mount(box, kit) {
    const { state, slots, h, icon, word } = kit;
    const rows = slots.counters;
    box.append(...[slots.goal > 0 && h("div.row", h("span.pill.num", icon("trophy"), word("counterGoal", { n: shown(kit, slots.goal) }))),
      h(`ul.counts${rows.length < 2 ? ".one" : rows.length > 3 ? ".lots" : ""}`, rows.map((_, row) => drawRow(kit, row)))].filter(Boolean));
    state.fresh = undefined;
    kit.keys(({ key, target }) => {
      const near = target.closest?.(".count");
      const row = near ? [...near.parentNode.children].indexOf(near) : state.at;
      if ("+=".includes(key)) count(kit, row, 1);
      else if ("-−".includes(key)) count(kit, row, -1);
    });
  },
  look: ({ section }, list, item) => (list === "counters" ? section.querySelectorAll(".count")[item] : null),
  sheet: (kit) => kit.h("ul", kit.slots.counters.map(({ label }, row) => kit.h("li", kit.word("counterIs", { label, n: shown(kit, kit.state.counts[row]) })))),
});
