// Things to tick off. Ticks and own things are kept; a tick hangs on the words of its row, not on its place.
const MAX_OWN = 30;
const MAX_LETTERS = 80;
const MAX_STARS = 8;

const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${now.getMonth() + 1}-${now.getDate()}`;
};
const strings = (list) => (Array.isArray(list) ? list.filter((one) => typeof one === "string").slice(0, 200) : []);

const load = (kit) => {
  const kept = kit.kept() || {};
  const old = kit.slots.resets === "daily" && kept.day !== today();
  return { day: today(), done: old ? [] : strings(kept.done), own: strings(kept.own).slice(0, MAX_OWN).map((text) => text.slice(0, MAX_LETTERS)) };
};

// Two rows with the same words are told apart by a number.
const rows = ({ slots, state }) => {
  const seen = new Map();
  return [...slots.items.map((text) => ({ text, own: false })), ...(slots.canadd ? state.own.map((text) => ({ text, own: true })) : [])].map((row) => {
    const count = (seen.get(row.text) || 0) + 1;
    seen.set(row.text, count);
    return { ...row, key: count > 1 ? `${row.text} #${count}` : row.text };
  });
};
const isDone = (state, row) => state.done.includes(row.key);
const save = (kit) => kit.keep({ day: kit.state.day, done: kit.state.done, own: kit.state.own });
// A lid that was shut overnight: the first press of a new day must not take yesterday's ticks along.
const turnDay = (kit) => { if (kit.slots.resets === "daily" && kit.state.day !== today()) kit.begin(); };

const toggle = (kit, row) => {
  turnDay(kit);
  const { state, word } = kit;
  const ticked = !isDone(state, row);
  state.done = ticked ? [...state.done, row.key] : state.done.filter((key) => key !== row.key);
  save(kit);
  const all = rows(kit);
  const count = all.filter((one) => isDone(state, one)).length;
  const full = ticked && count === all.length;
  state.fresh = ticked ? row.key : "";
  kit.sound(full ? "good" : "tap");
  kit.say(word(ticked ? "ticked" : "unticked", { item: row.text, n: count, total: all.length }), full && word("allDone"));
  kit.paint();
  if (ticked) kit.fire("tick");
  kit.fire("change");
  if (!full) return;
  kit.joy();
  kit.fire("finish");
};

const addOwn = (kit, input) => {
  turnDay(kit);
  const { state, word } = kit;
  const text = input.value.trim().slice(0, MAX_LETTERS);
  if (!text) { input.focus(); return; }
  if (state.own.length >= MAX_OWN) { kit.say(word("fullList")); return; }
  state.own.push(text);
  state.draft = "";
  save(kit);
  kit.sound("tap");
  kit.say(word("added", { item: text }));
  kit.paint("[data-act=write]");
  kit.fire("change");
};

const removeOwn = (kit, row) => {
  turnDay(kit);
  const { state, word, slots } = kit;
  const all = rows(kit);
  state.own.splice(all.indexOf(all.find((one) => one.key === row.key)) - slots.items.length, 1);
  state.done = state.done.filter((key) => key !== row.key);
  save(kit);
  kit.say(word("removed", { item: row.text }));
  kit.paint("[data-act=write]");
  kit.fire("change");
};

const drawRow = (kit, row, i) => {
  const { state, h, glyph, word } = kit;
  const done = isDone(state, row);
  const box = h("input", { type: "checkbox", "data-act": "tick" });
  box.checked = done;
  box.addEventListener("change", () => toggle(kit, row));
  const remove = row.own && kit.button("remove", ".round", { "aria-label": word("remove", { item: row.text }) }, glyph("no"));
  if (remove) remove.addEventListener("click", () => removeOwn(kit, row));
  const node = h("li", { "data-place": !row.own && `items/${i}` }, h("label.tickrow", box, h("span.box", { "aria-hidden": "true" }, glyph("tick")), h("span", { dir: "auto" }, row.text)), remove);
  if (done) node.classList.add("done");
  if (state.fresh === row.key) node.classList.add("fresh");
  return node;
};

const progress = (kit, all) => {
  const { slots, state, h, icon, word } = kit;
  const total = all.length;
  const count = all.filter((row) => isDone(state, row)).length;
  if (slots.progress === "none" || !total) return null;
  const text = h("b.num", word("countOf", { n: count, total }));
  if (slots.progress === "count") return h("div.row.progress", h("span.pill.num", icon("star"), word("countOf", { n: count, total })));
  if (slots.progress === "stars" && total <= MAX_STARS) {
    const stars = all.map((_, i) => icon("star", i < count ? "on" : "out"));
    return h("div.row.progress", h(`div.stars.little${count === total ? ".jump" : ""}`, { "aria-hidden": "true" }, stars), text);
  }
  return h("div.row.progress", h("div.meter", { "aria-hidden": "true" }, h("b", { "--w": `${(100 * count) / total}%` })), text);
};

const adder = (kit) => {
  const { state, h, glyph, word } = kit;
  const input = h("input", { "data-act": "write", value: state.draft, input: () => { state.draft = input.value; }, maxlength: MAX_LETTERS, placeholder: word("addSomething"), "aria-label": word("addSomething"), autocomplete: "off", enterkeyhint: "done", dir: "auto" });
  const form = h("form.adder", input, h("button.btn", { type: "submit", "data-act": "add", "aria-label": word("add") }, glyph("plus")));
  form.addEventListener("submit", (event) => { event.preventDefault(); addOwn(kit, input); });
  return form;
};

sprout.block("checklist", {
  events: ["tick", "change", "finish"],
  icon: "check",
  fresh(kit, again) {
    const state = load(kit);
    if (again) { state.done = []; kit.keep(state); }
    return state;
  },
  restart: () => {},   // ticks go with `fresh`; what somebody wrote into the list stays
  adapt: (state) => state,
  mount(box, kit) {
    const { slots, state, h, icon, word } = kit;
    const all = rows(kit);
    const full = all.length > 0 && all.every((row) => isDone(state, row));
    const empty = h("div.card.mid.empty", icon(kit.app.icon, "m"), h("h3", word("nothingYet")), slots.canadd && h("p.muted", word("addFirst")));
    box.append(...[progress(kit, all), all.length ? h("ul.list", all.map((row, i) => drawRow(kit, row, i))) : empty,
      full && h("p.alldone", icon("trophy", "m"), word("allDone")), slots.canadd && adder(kit)].filter(Boolean));
    state.fresh = "";
    if (slots.resets === "daily") kit.every(60000, () => turnDay(kit));
  },
  elsewhere: (kit) => { Object.assign(kit.state, load(kit)); kit.paint(); },
  look: ({ section }, list, item) => (list === "items" ? section.querySelectorAll(".list > li")[item] : null),
  sheet: (kit) => kit.h("ul.boxes", rows(kit).map((row) => kit.h("li", row.text))),
});
