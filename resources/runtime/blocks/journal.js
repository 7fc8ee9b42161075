// One page for each day, kept on this computer. Today's page is saved while it is written; older pages are read.
// Kept: pages as [day "2026-11-27", words, mood], in order, and the day whose first save was told.
const MOST_PAGES = 400;
const LETTERS = 4000;
const IN_ROW = 10;
const PAUSE_MS = 500;
const DAY_MS = 86400000;
const unsaved = new Map();   // kit -> how to save it: a page that is hidden may never come back

const today = () => {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
};
const dateOf = (day) => new Date(`${day}T12:00:00`);
const dated = ({ app }, day, how) => dateOf(day).toLocaleDateString(app.language === "en" ? "en-GB" : app.language, how);
const LONG_DATE = { weekday: "long", day: "numeric", month: "long" };

const load = (kit) => {
  const { pages, told } = kit.kept() || {};
  const fine = (page) => Array.isArray(page) && /^\d{4}-\d\d-\d\d$/.test(page[0]) && !Number.isNaN(dateOf(page[0]).getTime()) && typeof page[1] === "string";
  return { pages: new Map((Array.isArray(pages) ? pages : []).filter(fine).slice(-MOST_PAGES).map(([day, text, mood]) => [day, { text: text.slice(0, LETTERS), mood: String(mood || "") }])), told };
};
const open = (kit, day = today()) => ({ day, unfolded: "", list: false, undo: null, heard: false });
const days = ({ state }) => [...new Set([...state.pages.keys(), today()])].sort();

const save = (kit) => {
  const { state } = kit;
  unsaved.delete(kit);
  const first = state.pages.has(today()) && state.told !== today();
  if (first) state.told = today();
  kit.keep({ pages: [...state.pages].map(([day, { text, mood }]) => [day, text, mood]), told: state.told });
  kit.section.querySelector(".saved")?.classList.toggle("now", !refused);
  if (!state.heard && !refused) kit.say(kit.word("journalSaved"));
  state.heard = true;
  if (first) kit.fire("finish");
};
const flush = () => [...unsaved.values()].forEach((work) => work());
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
addEventListener("pagehide", flush);

// A page with nothing on it is no page.
const write = (kit, news) => {
  const { state } = kit;
  const page = { text: "", mood: "", ...state.pages.get(today()), ...news };
  if (page.text.trim() || page.mood) state.pages.set(today(), page);
  else state.pages.delete(today());
  Object.assign(state, { undo: null, unfolded: today() });
  kit.section.querySelector(".undone")?.remove();
  unsaved.set(kit, () => save(kit));
  kit.section.querySelector(".saved")?.classList.remove("now");
};

const go = (kit, news) => {
  if (unsaved.has(kit)) save(kit);
  Object.assign(kit.state, { list: false, ...news });
  kit.sound("tap");
  kit.paint("[data-focus]");
};

const remove = (kit) => {
  const { state, word } = kit;
  state.undo = [state.day, state.pages.get(state.day)];
  state.pages.delete(state.day);
  save(kit);
  kit.say(word("journalDeleted"));
  go(kit, { day: today() });
};
const undo = (kit) => {
  const [day, page] = kit.state.undo;
  kit.state.pages.set(day, page);
  kit.state.undo = null;
  save(kit);
  go(kit, { day });
};

const dayButton = (kit, day, long) => {
  const { state, h, word } = kit;
  const page = state.pages.get(day);
  const name = day === today() ? word("journalToday") : dated(kit, day, { ...LONG_DATE, ...(long && { year: "numeric" }) });
  const node = kit.button("day", long ? ".btn.soft.wide.pagerow" : ".btn.soft.day", { "aria-current": day === state.day && !state.list && "date", "aria-label": name, click: () => go(kit, { day, undo: null }) },
    long ? h("span", name) : [h("small", dated(kit, day, { weekday: "short" })), h("b.num", dateOf(day).getDate())],
    kit.icon(page?.mood) || (page ? kit.icon("book") : kit.icon("pencil")));
  return node;
};

const drawList = (box, kit) => {
  const { h, word, glyph } = kit;
  box.append(h("h3.big", { tabindex: "-1", "data-focus": "" }, word("journalAll", { n: kit.state.pages.size })), h("div.pages", days(kit).reverse().map((day) => dayButton(kit, day, true))),
    h("div.actions", kit.button("today", ".btn", { click: () => go(kit, { day: today() }) }, word("journalToday"))));
};

// Folded shut: of a private page only its date and its mood can be seen.
const folded = (kit) => {
  const { h, word } = kit;
  return h("div.folded", kit.icon("key", "m"), h("p", word("journalFolded")), kit.button("unfold", ".btn", { click: () => { kit.say(word("journalOpened")); go(kit, { unfolded: kit.state.day }); } }, word("journalOpen")));
};

const sheetOfToday = (kit) => {
  const { state, slots, h, word } = kit;
  const page = state.pages.get(today()) || { text: "", mood: "" };
  const prompt = slots.prompts.length ? slots.prompts[Math.floor(dateOf(today()) / DAY_MS) % slots.prompts.length] : "";
  if (!state.pages.has(today()) && state.pages.size >= MOST_PAGES) return h("div.card.mid", h("h4", word("journalFull")), h("p", word("journalFullMore", { n: MOST_PAGES })));
  const saved = h(`p.saved.small${state.pages.has(today()) && !refused ? ".now" : ""}`, kit.glyph("tick"), h("span", word("journalSaved")));
  const field = h("textarea.field.lined", { "data-act": "write", maxlength: LETTERS, rows: 3, dir: "auto", "aria-label": prompt || word("journalWrite"), placeholder: prompt ? null : word("journalWrite") }, page.text);
  let wait = 0;
  field.addEventListener("input", () => {
    write(kit, { text: field.value });
    const mine = (wait += 1);
    kit.after(PAUSE_MS, () => { if (mine === wait && unsaved.has(kit)) save(kit); });
    if (field.value.length >= LETTERS) kit.message(word("journalLong"), "notice");
  });
  const moods = [...new Set(slots.moods)].filter(kit.hasIcon).map((mood) => {
    const node = kit.button("mood", ".btn.soft.mood", { "aria-pressed": String(page.mood === mood), "aria-label": kit.iconName(mood) }, kit.icon(mood, "m"));
    node.addEventListener("click", () => {
      write(kit, { mood: state.pages.get(today())?.mood === mood ? "" : mood });
      save(kit);
      kit.sound("tap");
      kit.paint();
    });
    return node;
  });
  return [moods.length > 0 && h("div.row.moods", { role: "group", "aria-label": word("journalMood") }, moods), prompt && h("p.muted.prompt", { dir: "auto" }, prompt), field, saved];
};

const drawPage = (box, kit) => {
  const { state, slots, h, word, glyph } = kit;
  const page = state.pages.get(state.day);
  const shut = slots.private && page && state.unfolded !== state.day;
  const now = state.day === today();
  const older = days(kit).slice(0, -1);
  const row = days(kit).slice(-IN_ROW);
  const tools = [older.length > 0 && kit.button("all", ".btn.ghost", { click: () => go(kit, { list: true }) }, glyph("menu"), word("journalAll", { n: state.pages.size })),
    page && !shut && slots.private && kit.button("fold", ".btn.ghost", { click: () => go(kit, { unfolded: "" }) }, word("journalFold")),
    page && !shut && kit.button("delete", ".btn.ghost", { click: () => remove(kit) }, glyph("no"), word("journalDelete"))].filter(Boolean);
  box.append(...[row.length > 1 && h("div.days", { role: "group", "aria-label": word("journalDays") }, row.map((day) => dayButton(kit, day))),
    h("h3.date", { tabindex: "-1", "data-focus": "" }, dated(kit, state.day, LONG_DATE)),
    state.undo && h("div.row.undone", h("span", word("journalDeleted")), kit.button("undo", ".btn.soft", { click: () => undo(kit) }, glyph("again"), word("journalUndo"))),
    ...[shut ? folded(kit) : now ? sheetOfToday(kit) : h("div.card.old", kit.icon(page?.mood, "m"), h("p", { dir: "auto" }, page?.text || word("nothingYet")))].flat(),
    h("div.row.tools", tools), !now && h("div.actions", kit.button("today", shut ? ".btn.soft" : ".btn", { click: () => go(kit, { day: today() }) }, word("journalToday")))].filter(Boolean));
};

sprout.block("journal", {
  events: ["finish"],
  icon: "pencil",
  fresh: (kit) => { unsaved.get(kit)?.(); return { ...load(kit), ...open(kit) }; },
  precious: (kit) => kit.state.pages.size > 0,
  restart: (kit) => { unsaved.delete(kit); kit.forget(); },
  adapt: (state) => state,
  mount(box, kit) {
    (kit.state.list ? drawList : drawPage)(box, kit);
    if (unsaved.has(kit)) kit.after(PAUSE_MS, () => unsaved.get(kit)?.());   // drawing anew ended the clock of its save
    const day = today();
    kit.every(20000, () => { if (today() !== day) go(kit, { day: kit.state.day === day ? today() : kit.state.day }); });
  },
  elsewhere(kit) {
    const { state } = kit;
    const mine = unsaved.has(kit) && state.pages.get(today());
    state.pages = load(kit).pages;
    if (mine) state.pages.set(today(), mine);
    else kit.paint();
  },
  look: ({ section }, list, item) => (list === "moods" ? section.querySelectorAll(".mood")[item] : null),
  sheet(kit) {
    const { state, slots, h, word } = kit;
    const shown = days(kit).filter((day) => state.pages.has(day) && (!slots.private || state.unfolded === day));
    return h("div", slots.private && h("p", word("journalPaper")), shown.map((day) => h("div", h("h3", dated(kit, day, { ...LONG_DATE, year: "numeric" })), h("p", state.pages.get(day).text))));
  },
});
