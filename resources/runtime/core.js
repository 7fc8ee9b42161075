// Blocks, their state, events, rules, and the one door: show(parts).
//
// A block is registered once by its file and stays a function of its slots and its state:
//   sprout.block("quiz", {
//     wide: true,                        a playing block, wider stage
//     events: ["right", "finish"],       what it can fire (start comes from here)
//     fresh(kit, again) -> state         how a play begins; `again`: somebody asked to begin anew, by a button or a rule
//     restart(kit)                       what "Start over" does to what was kept; without it all of it is forgotten
//     precious(kit) -> true              "Start over" would erase what nobody can bring back: it asks first
//     adapt(state, before, after, kit)   state after an edit of its slots; null begins afresh
//     elsewhere(kit)                     another tab of the same app kept something for this block
//     mount(box, kit)                    draws slots and kit.state into the empty box
//     fit(box, kit)                      lays the drawn box out for the room there is; again when that changes
//     look(kit, list, item)              shows one item of a list in its slots, for somebody who edits it; what
//                                        shows one carries data-place="questions/3", so that it can be picked
//     act: {start_timer(kit) {}},        actions that only this block knows
//     sheet(kit) -> node                 what is printed
//   })
const MAX_CHAIN = 8;          // rules that set off rules
const MAX_OBEYED = 100;       // rules that one press can set off, however they fork
const MAX_REMEMBERED = 500;   // events and errors that describe() tells
const blocks = Object.create(null);
const happened = [];
const errors = [];
let records = [];             // one per block, in order
let blueprint = null;
let words = {};
let depth = 0;
let obeyed = 0;
let ready = false;
let askModel = null;          // door.js, on pages that may ask a model
let warnedOfStudio = false;   // that the studio keeps things only until it closes
const moving = new Set();     // records whose game or clock runs: the scenery stands still meanwhile

const word = (key, values = {}) => {
  const text = Object.hasOwn(words, key) ? words[key] : key;
  const told = text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
  return root.dir === "rtl" ? `\u2066${told}\u2069` : told;   // the words are English there: "1 of 3" must not turn round
};

const remember = (list, entry) => { if (list.length < MAX_REMEMBERED) list.push(entry); };
const complain = (error) => remember(errors, String((error && error.message) || error).slice(0, 300));

// A page that somebody changed by hand may name a block that nobody knows: it did not open, the rest plays.
const define = (type) => blocks[type] || {};
const at = (name) => records[Number(String(name).slice(1)) - 1];

const fire = (record, event) => {
  const name = record.id;
  remember(happened, { block: name, event });
  if (event === "finish") { record.finished = true; frameChanged(); }
  document.dispatchEvent(new CustomEvent("sprout", { detail: { block: name, event } }));
  if (depth >= MAX_CHAIN) return;
  if (!depth) obeyed = 0;
  depth += 1;
  try {
    for (const rule of blueprint.rules) {
      if (rule.when.block !== name || rule.when.event !== event || obeyed >= MAX_OBEYED) continue;
      obeyed += 1;
      obey(rule);
    }
  } finally {
    depth -= 1;
  }
  if (!depth && !visible().length) setHidden(record, false);   // rules may hide the last block: a page is never blank
};

// Every action of a rule. `record` is the block that the rule names, `rule.when.block` who set it off.
const ACTIONS = {
  confetti: () => { confetti(blueprint.icon); sound("win"); },
  sound_good: () => sound("good"),
  sound_bad: () => sound("no"),
  add_point: (record) => addPoints(record, 1),
  lose_point: (record) => addPoints(record, -1),
  start_timer: (record) => clockOf(record, "start_timer"),
  stop_timer: (record) => clockOf(record, "stop_timer"),
  reset: (record) => begin(record, true),
  next_block: (record, rule) => goTo(rule.when.block === record.id ? following(record) : record),
  show_block: (record) => setHidden(record, false),
  hide_block: (record) => setHidden(record, true),
  speak: () => {},
  shake: (record) => {
    if (calm()) return;
    record.section.classList.remove("shaking");
    requestAnimationFrame(() => record.section.classList.add("shaking"));
  },
};

const obey = (rule) => {
  const record = at(rule.do.block);
  if (!record || !Object.hasOwn(ACTIONS, rule.do.action)) return;
  ACTIONS[rule.do.action](record, rule);
  const text = rule.do.say || (rule.do.action === "speak" ? record.slots.title : "");
  if (rule.do.action === "speak") speak(text, blueprint.language);
  if (text) message(text, rule.do.action);
};

const addPoints = (record, change) => {
  record.points = Math.max(0, (record.points ?? 0) + change);
  paintHead(record);
  say(word("points", { n: record.points }));
};

const clockOf = (record, action) => {
  const clock = [record, ...records].find((one) => define(one.type).act?.[action]);
  if (clock) define(clock.type).act[action](clock.kit);
};

const following = (record) => {
  const rest = records.slice(records.indexOf(record) + 1);
  return rest.find((one) => !one.hidden);
};

const setHidden = (record, hidden) => {
  if (record.hidden === hidden) return;
  record.hidden = hidden;
  frameChanged();
};

// A block that a rule will show waits out of sight, but only where that rule can really be set off.
const waiting = () => {
  const shows = blueprint.rules.filter((rule) => rule.do.action === "show_block");
  const canFire = (rule) => {
    const source = at(rule.when.block);
    return source && (rule.when.event === "start" || (define(source.type).events || []).includes(rule.when.event));
  };
  const able = shows.filter((rule) => canFire(rule) && rule.when.block !== rule.do.block);
  const shown = new Set(records.filter((one) => !able.some((rule) => rule.do.block === one.id)).map((one) => one.id));
  for (let i = 0; i < able.length; i += 1) {
    for (const rule of able) if (shown.has(rule.when.block)) shown.add(`then ${rule.do.block}`).add(rule.do.block);
  }
  return new Set(records.filter((one) => shown.has(`then ${one.id}`)).map((one) => one.id));
};

const stopClocks = (record) => {
  record.clocks.forEach((stop) => stop());
  record.clocks = [];
  setMoving(record, false);
};

const setMoving = (record, on) => {
  if (on) moving.add(record);
  else moving.delete(record);
  document.documentElement.toggleAttribute("data-moving", moving.size > 0);
};

// Call work(seconds since the last frame) for each frame while the block is on screen and no dialog is open.
const MOST_SECONDS = 0.05;   // a slow frame slows the game: nothing jumps through a wall
const eachFrame = (record, work) => {
  let last = 0;
  let id = 0;
  const stop = () => { cancelAnimationFrame(id); setMoving(record, false); };
  const step = (now) => {
    id = requestAnimationFrame(step);
    const seconds = last ? Math.min(MOST_SECONDS, (now - last) / 1000) : 0;
    last = now;
    if (!record.section.offsetParent || document.querySelector("dialog[open]")) return;
    safely(record, () => work(seconds));
    if (record.broken) stop();
  };
  id = requestAnimationFrame(step);
  setMoving(record, true);
  record.clocks.push(stop);
  return stop;
};

// Keys without a focus: for the whole page while the block is alone on screen, else for the block that has the focus.
const hearKeys = (record, work) => {
  const hear = (event) => {
    const alone = records.length === 1 || stepped();
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (!record.section.offsetParent || document.querySelector("dialog[open]")) return;
    if (alone || record.section.contains(event.target)) safely(record, () => work(event));
  };
  document.addEventListener("keydown", hear);
  record.clocks.push(() => document.removeEventListener("keydown", hear));
};

// What a block is given. Timers made through it end when the block is drawn anew.
const kitOf = (record) => ({
  h, shape, icon, glyph, button, word, say, sound, tones, audio, chance, calm, hasIcon, message,
  iconName: (name) => word(`icon_${name}`),
  get id() { return record.id; },
  get slots() { return record.slots; },
  get state() { return record.state; },
  set state(value) { record.state = value; },
  get app() { return blueprint; },
  get models() { return project.models || {}; },
  get solo() { return records.length === 1; },
  get section() { return record.section; },
  fire: (event) => fire(record, event),
  heard: (event) => blueprint.rules.some((rule) => rule.when.block === record.id && rule.when.event === event),
  paint: (focus) => paint(record, focus),
  begin: () => begin(record, true),
  kept: () => kept(record.key),
  keep: (value) => {
    keep(record.key, value);
    if (inStudio() && !warnedOfStudio && isPrecious(record)) { warnedOfStudio = true; message(word("keptInStudio"), "notice"); }
  },
  forget: () => forget(record.key),
  squeeze: (box, steps) => squeeze(record, box, steps),
  random: (name) => dice(`${project.id}:${record.key}:${name}`),
  frames: (work) => eachFrame(record, work),
  keys: (work) => hearKeys(record, work),
  moving: (on) => setMoving(record, on),
  ask: (text, hear) => (askModel ? askModel(text, (...told) => safely(record, () => hear(...told))) : null),
  get asks() { return Boolean(askModel) && document.documentElement.dataset.door === "1"; },
  joy: () => { confetti(blueprint.icon); sound("win"); },
  after: (ms, work) => {
    const id = setTimeout(() => safely(record, work), ms);
    record.clocks.push(() => clearTimeout(id));
  },
  every: (ms, work) => {
    const id = setInterval(() => safely(record, work), ms);
    record.clocks.push(() => clearInterval(id));
    return () => clearInterval(id);
  },
});

const safely = (record, work) => {
  try {
    return work();
  } catch (error) {
    complain(error);
    record.broken = true;
    return undefined;
  }
};

const alike = (one, other) => one.trim().toLowerCase() === other.trim().toLowerCase();
const paintHead = (record) => {
  const points = record.points === null ? null
    : h("span.pill.num.points", icon("star"), word("points", { n: record.points }));
  const told = records.length === 1 || define(record.type).ownTitle || alike(record.slots.title, blueprint.title);
  const title = h(`h2.name${told ? ".sr" : ""}`, { tabindex: "-1" }, record.slots.title);
  record.head.replaceChildren(title, ...[points].filter(Boolean));
};

const paint = (record, focus) => {
  stopClocks(record);
  const box = h("div.play", { "data-screen": "" });
  const done = safely(record, () => { define(record.type).mount(box, record.kit); return true; });
  if (!done) box.replaceChildren(h("div.card.mid", h("h3", word("broken")), h("p", word("brokenMore"))));
  const inside = record.section.contains(document.activeElement);
  const held = inside && !focus ? holdFocus(record) : null;
  record.section.replaceChildren(record.head, box);
  fit(record);
  if (focus) focusOn(box.querySelector(focus));
  else held?.();
};

// Some blocks lay themselves out by the room that is left; only the browser knows it.
const fit = (record) => {
  const box = record.section.querySelector(".play");
  if (box && box.checkVisibility()) safely(record, () => define(record.type).fit?.(box, record.kit));
};
const fitAll = () => records.forEach(fit);
addEventListener("resize", fitAll);

// True where a block has to be scrolled to be seen whole: alone the page, among others the block itself.
const tooTall = (record) => {
  if (records.length === 1 || stepped()) return document.body.offsetHeight > innerHeight + 1;
  const { top, height } = record.section.getBoundingClientRect();
  return (record === visible()[0] ? top + window.scrollY : 0) + height > innerHeight + 1;
};

// Put one class after the other on the box until the block fits.
const squeeze = (record, box, steps) => {
  for (const step of steps) {
    if (!tooTall(record)) return;
    box.classList.add(step);
  }
};

// A new screen is read from its top; a button that comes up on the same screen may scroll into view.
const focusOn = (node) => {
  const fresh = node?.matches("[data-focus]") && (records.length === 1 || stepped());
  node?.focus({ preventScroll: fresh });
  if (fresh) window.scrollTo(0, 0);
};

// Drawing anew must not throw away the place of somebody who uses the keyboard.
const holdFocus = (record) => {
  const act = document.activeElement.dataset.act;
  const same = [...record.section.querySelectorAll(`[data-act="${act}"]`)];
  const place = same.indexOf(document.activeElement);
  return () => record.section.querySelectorAll(`[data-act="${act}"]`)[place]?.focus({ preventScroll: true });
};

const begin = (record, again = false) => {
  const make = define(record.type).fresh;
  record.finished = false;
  record.points = null;
  record.state = (make && safely(record, () => make(record.kit, again))) || {};
  paintHead(record);
  paint(record);
};

const restart = (record) => {
  const own = define(record.type).restart;
  if (own) safely(record, () => own(record.kit));
  else forget(record.key);
  begin(record, true);
};

const makeRecord = (slots, key) => {
  const record = { key, type: slots.type, slots, state: {}, points: null, hidden: false, finished: false,
    started: false, broken: false, clocks: [], id: "" };
  record.head = h("header.head");
  record.section = h("section.block", { "data-type": slots.type });
  record.cell = h("div.cell", record.section);
  record.kit = kitOf(record);
  record.section.addEventListener("animationend", (event) => {
    if (event.animationName === "shake") record.section.classList.remove("shaking");
  });
  return record;
};

// A block whose slots did not change keeps its play, its place and its very elements.
const reuse = (old, slots, redraw) => {
  const before = old.slots;
  const same = JSON.stringify(before) === JSON.stringify(slots);
  old.slots = slots;
  if (same) return redraw ? paint : null;
  const adapt = define(slots.type).adapt;
  const state = adapt ? safely(old, () => adapt(old.state, before, slots, old.kit)) : null;
  if (!state) return begin;
  old.state = state;
  return paint;
};

const show = (parts) => {
  const before = { blueprint, words: JSON.stringify(words), icons: JSON.stringify(icons), count: records.length };
  project = parts.document;
  blueprint = project.blueprint;
  words = parts.words;
  icons = parts.icons;
  const redraw = !before.blueprint || before.words !== JSON.stringify(words) || before.icons !== JSON.stringify(icons)
    || before.blueprint.icon !== blueprint.icon || (before.count === 1) !== (blueprint.blocks.length === 1);
  dressPage(parts);
  const old = new Map(records.map((record) => [`${record.key} ${record.type}`, record]));
  const work = [];
  records = blueprint.blocks.map((slots, i) => {
    const key = project.block_ids[i] || `b${i + 1}`;
    const known = old.get(`${key} ${slots.type}`);
    const record = known || makeRecord(slots, key);
    old.delete(`${key} ${slots.type}`);
    record.id = `b${i + 1}`;
    record.section.dataset.block = record.id;
    work.push([record, known ? reuse(known, slots, redraw) : begin]);
    return record;
  });
  old.forEach(stopClocks);
  const sameRules = before.blueprint && JSON.stringify(before.blueprint.rules) === JSON.stringify(blueprint.rules);
  if (!sameRules) { const wait = waiting(); records.forEach((one) => { one.hidden = wait.has(one.id); }); }
  buildFrame(parts);
  work.forEach(([record, todo]) => { paintHead(record); if (todo) todo(record); });
  ready = true;
  document.documentElement.dataset.ready = "1";
  frameChanged();
};

// Show one block, and one item of it, to somebody who edits it: `look(0, "questions", 3)`, `look(1)`.
// Numbers count from 0 as in the blueprint. An unknown place changes nothing. True where there was something to show.
const look = (block, list, item) => {
  const record = Number.isInteger(block) ? records[block] : undefined;
  const items = list ? record && Object.hasOwn(record.slots, list) && record.slots[list] : null;
  if (!record || (list && !(Array.isArray(items) && Number.isInteger(item) && item >= 0 && item < items.length))) return false;
  setHidden(record, false);
  if (stepped() && record.cell.hidden) goTo(record, false);
  const shown = items && safely(record, () => define(record.type).look?.(record.kit, list, item));
  reveal(shown instanceof Element ? shown : record.section);
  return true;
};

// Scroll only where too little of a thing is on screen: what is edited must not jump at every letter.
const reveal = (node) => {
  const { top, bottom, height } = node.getBoundingClientRect();
  if (top >= 0 && (bottom <= innerHeight || top < innerHeight - Math.min(height, innerHeight / 2))) return;
  node.scrollIntoView({ behavior: "auto", block: height < innerHeight / 2 ? "center" : "start" });
};

const describe = () => ({
  ready,
  errors: [...errors],
  title: blueprint ? blueprint.title : "",
  keeps: !refused,
  blocks: records.map((record) => ({ id: record.id, key: record.key, type: record.type, plays: record.type in blocks,
    hidden: record.hidden, finished: record.finished, broken: record.broken, points: record.points })),
  events: happened.map((one) => ({ ...one })),
});

addEventListener("storage", ({ key }) => records.forEach((one) => {
  if (key === shelf(one.key)) safely(one, () => define(one.type).elsewhere?.(one.kit));
}));
addEventListener("error", (event) => complain(event.error || event.message));
addEventListener("unhandledrejection", (event) => complain(event.reason));
document.addEventListener("securitypolicyviolation", (event) => complain(`${event.violatedDirective} ${event.blockedURI}`));

window.sprout = Object.freeze({
  block: (type, definition) => { blocks[type] = definition; },
  show, look, describe, restart: () => records.filter((record) => !isPrecious(record)).forEach(restart),
});
const sprout = window.sprout;
