// A story in which the reader chooses. Pages count from 0 here; a missing page and "end" are END.
// What was chosen is kept, as "page:choice", so that a reader sees which paths and endings are still to be found.
const END = -1;

const goal = (slots, name) => (slots.pages[name.slice(1) - 1] ? name.slice(1) - 1 : END);
const ways = (slots, page) => (slots.pages[page]?.choices || []).map((one) => goal(slots, one.goto));
const isEnd = (slots, page) => !ways(slots, page).length;
const endsFrom = (slots, page) => {
  const seen = new Set([page]);
  for (const one of seen) ways(slots, one).forEach((way) => seen.add(way));
  return [...seen].filter((one) => isEnd(slots, one));
};

// How many endings there are, and how many of them a choice led to.
const endings = ({ slots, state }) => {
  const ends = endsFrom(slots, 0);
  const led = state.tried.map((one) => ways(slots, one.split(":")[0])[one.split(":")[1]]);
  return { n: ends.filter((end) => led.includes(end)).length, total: ends.length };
};

const turnTo = (kit, page, choice) => {
  const { state, slots } = kit;
  const before = endings(kit).n;
  const mark = `${state.at}:${choice}`;
  if (!state.tried.includes(mark)) kit.keep([...load(kit), mark]);
  state.tried = load(kit);
  Object.assign(state, { at: page, step: state.step + 1, over: isEnd(slots, page), fresh: true });
  if (page !== END && !state.walk.includes(page)) state.walk.push(page);
  const { n, total } = endings(kit);
  if (n === total && n > before) kit.joy();
  else kit.sound(state.over ? "win" : "swish");
  kit.say(slots.pages[page]?.text, state.over && kit.word("storyEnd"));
  kit.paint("[data-focus]");
  if (page !== END) kit.fire("change");
  if (state.over) kit.fire("finish");
};

const load = (kit) => {
  const kept = kit.kept();
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, 99) : [];
};

const path = (kit, words, page, choice) => {
  const { h, glyph } = kit;
  const tried = kit.state.tried.includes(`${kit.state.at}:${choice}`);
  const node = kit.button("choose", ".btn.path", h("span", { dir: "auto" }, words),
    tried && [glyph("tick"), h("span.sr", kit.word("storyTried"))], glyph("next"));
  node.addEventListener("click", () => turnTo(kit, page, choice));
  return node;
};

// Where no end can be reached any more, and on a first page that leads nowhere, the reader may end the story.
const paths = (kit, page) => {
  const { slots, state } = kit;
  const stuck = !page.choices.length || !endsFrom(slots, state.at).length;
  return kit.h("div.paths", page.choices.map((one, i) => path(kit, one.say, goal(slots, one.goto), i)),
    stuck && path(kit, kit.word("storyEnd"), END));
};

const ending = (kit) => {
  const { state, slots, h, icon, glyph, word } = kit;
  const count = endings(kit);
  const again = kit.button("restart", ".btn", glyph("again"), word(count.n < count.total ? "storyAnother" : "again"));
  again.addEventListener("click", () => { kit.begin(); kit.section.querySelector("[data-focus]").focus(); });
  return [h("div.theend", h("h4.big", word("storyEnd")), h("div.walked", { "aria-hidden": "true" }, state.walk.map((page) => icon(slots.pages[page].icon))),
    count.total > 1 && h("p.muted", word("storyEnds", count))), again];
};

sprout.block("story", {
  events: ["change", "finish"],
  icon: "book",
  fresh: (kit) => ({ at: 0, step: 1, walk: [0], over: false, fresh: false, tried: load(kit) }),
  adapt: (state, before, after) => (state.at < after.pages.length
    ? { ...state, walk: state.walk.filter((page) => after.pages[page]), over: state.over && isEnd(after, state.at) } : null),
  mount(box, kit) {
    const { state, slots, h, icon, word } = kit;
    const page = slots.pages[state.at];
    const here = state.walk.indexOf(state.at);
    const hero = icon((page || slots.pages[state.walk.at(-1)]).icon, "xl") || icon(kit.app.icon, "xl");
    const scene = meadow(hero && h("div.stand", h("div.bob", hero)));
    if (state.step % 2 === 0) scene.classList.add("turned");
    if (state.fresh) scene.classList.add("arrives");
    state.fresh = false;
    if (page) box.dataset.place = `pages/${state.at}`;
    box.append(h("div.row.trail", h("span.dots", { "aria-hidden": "true" }, slots.pages.map((_, i) =>
      h("i", { class: i === here ? "here" : i < state.walk.length && "been" }))),
    h("h3.small.muted", { tabindex: "-1", "data-focus": "" }, word("storyPage", { n: state.step }))),
    h("article.book", scene, h("div.page", page && h("p.tale", { dir: "auto" }, page.text), state.over ? ending(kit) : paths(kit, page))));
  },
  look(kit, list, item) {
    if (list !== "pages" || kit.state.at === item) return;
    Object.assign(kit.state, { at: item, over: false, walk: [...new Set([...kit.state.walk, item])] });
    kit.paint();
  },
  sheet: ({ h, slots, word }) => h("ol", slots.pages.map((page) => h("li", h("p", page.text), page.choices.map((one) =>
    h("p", `${one.say} → ${word(goal(slots, one.goto) === END ? "storyEnd" : "storyPage", { n: one.goto.slice(1) })}`))))),
});
