// Cards with two sides. With selfcheck the player says what was known and goes round again with the rest.
const startDeck = (kit, only) => {
  const old = kit.kept() || {};
  const plays = Number.isInteger(old.plays) ? old.plays : 0;
  const all = only || kit.slots.cards.map((_, i) => i);
  const order = kit.slots.order === "shuffle" ? shuffled(all, kit.random(`cards ${plays} ${all.length}`)) : all;
  return { order, at: 0, turned: false, known: [], over: false, moved: "" };
};

const tellCard = (kit) => {
  const { state, slots, word } = kit;
  const card = slots.cards[state.order[state.at]];
  const values = { n: state.at + 1, total: state.order.length };
  kit.say(state.turned ? word("cardBack", { text: card.back }) : word("cardFront", { ...values, text: card.front }));
};

const turnCard = (kit) => {
  const { state } = kit;
  state.turned = !state.turned;
  state.moved = "turned";
  kit.sound("swish");
  tellCard(kit);
  kit.paint("[data-act=turn]");
  kit.fire("click");
};

const leaveCard = (kit, knew) => {
  const { state, slots } = kit;
  const last = state.at + 1 >= state.order.length;
  if (slots.selfcheck && knew) state.known.push(state.order[state.at]);
  Object.assign(state, { turned: false, over: last, at: last ? state.at : state.at + 1, moved: knew ? "known" : "kept" });
  if (last) endDeck(kit);
  else { kit.sound("tap"); tellCard(kit); }
  kit.paint(last ? "[data-focus]" : "[data-act=turn]");
  if (slots.selfcheck) kit.fire(knew ? "right" : "wrong");
  if (last) kit.fire("finish");
};

const endDeck = (kit) => {
  const old = kit.kept() || {};
  kit.keep({ plays: (Number.isInteger(old.plays) ? old.plays : 0) + 1 });
  if (!kit.slots.selfcheck || kit.state.known.length === kit.state.order.length) kit.joy();
  else kit.sound("win");
};

const face = (kit) => {
  const { state, slots, h, glyph, icon, word } = kit;
  const index = state.order[state.at];
  const card = slots.cards[index];
  const text = state.turned ? card.back : card.front;
  const size = text.length > 90 ? "tiny" : text.length > 36 ? "less" : text.length > 14 ? "some" : "few";
  const node = kit.button("turn", `.face.${state.turned ? "reverse" : "front"}`, { "data-place": `cards/${index}` },
    h("span.top", icon(kit.app.icon, "m") || h("span"), h("span.pill.plain", word(state.turned ? "reverse" : "front"))),
    h(`span.word.${size}`, { dir: "auto" }, text),
    h("span.flip", glyph("turn"), word(state.turned ? "turnBack" : "turn")));
  if (state.moved) node.classList.add(state.moved);
  node.addEventListener("click", () => turnCard(kit));
  return node;
};

const drawCard = (box, kit) => {
  const { state, slots, h, glyph, word } = kit;
  const total = state.order.length;
  const act = (name, classes, work, ...parts) => {
    const node = kit.button(name, classes, ...parts);
    node.addEventListener("click", work);
    return node;
  };
  const last = state.at + 1 >= total;
  const under = total - state.at - 1;
  const buttons = slots.selfcheck
    ? [act("again", ".btn.soft", () => leaveCard(kit, false), glyph("again"), word("again")),
      act("knew", ".btn", () => leaveCard(kit, true), glyph("tick"), word("knew"))]
    : [state.at > 0 && act("previous", ".btn.soft", () => { Object.assign(state, { at: state.at - 1, turned: false, moved: "" }); tellCard(kit); kit.paint("[data-act=turn]"); }, glyph("back"), word("previousCard")),
      act("next", ".btn", () => leaveCard(kit, true), word(last ? "lastCard" : "nextCard"), glyph("next"))];
  const deck = h("div.deck", h("div", { hidden: under < 2 }), h("div", { hidden: under < 1 }), face(kit));
  box.append(h("div.row", h("div.meter", { "aria-hidden": "true" }, h("b", { "--w": `${(100 * (state.at + 1)) / total}%` })),
    h("b.num", word("countOf", { n: state.at + 1, total }))),
  h("div.hero", deck), h("div.row", buttons));
  state.moved = "";
};

const drawDeckEnd = (box, kit) => {
  const { state, slots, h, icon, glyph, word } = kit;
  const total = state.order.length;
  const rest = slots.selfcheck ? state.order.filter((index) => !state.known.includes(index)) : [];
  const title = !slots.selfcheck ? "sawAll" : rest.length ? "youKnew" : "knewAll";
  const lit = Math.round((3 * (total - rest.length)) / total);
  const go = (name, classes, work, ...parts) => {
    const node = kit.button(name, classes, ...parts);
    node.addEventListener("click", () => { work(); kit.section.querySelector("[data-act=turn]")?.focus(); });
    return node;
  };
  box.classList.add("split", "end");
  box.append(h("div.left", h("div.stars", { role: "img", "aria-label": word("starsOf", { n: lit, total: 3 }) },
    [0, 1, 2].map((i) => icon("star", i < lit ? "m lit" : "m out"))),
  h("div.mid", h("h3.big", { tabindex: "-1", "data-focus": "" }, word(title, { n: total - rest.length, total })))),
  h("div.side", rest.length > 0 && h("div.card.learn", h("h4", word("stillLearning")),
    h("ul.marks", rest.map((index) => h("li", h("span", { dir: "auto" }, slots.cards[index].front, h("b", slots.cards[index].back)))))),
  h("div.actions", go("restart", rest.length ? ".btn.soft" : ".btn", () => kit.begin(), glyph("again"), word("startOver")),
    rest.length > 0 && go("retry", ".btn", () => { kit.state = startDeck(kit, rest); kit.paint(); }, word("againWith", { n: rest.length })))));
};

sprout.block("flashcards", {
  events: ["click", "right", "wrong", "finish"],
  icon: "book",
  fresh: (kit) => startDeck(kit),
  adapt(state, before, after) {
    if (before.cards.length !== after.cards.length || before.order !== after.order) return null;
    const index = state.order[state.at];
    if (before.cards[index].front !== after.cards[index].front) return { ...state, turned: false, moved: "" };
    return before.cards[index].back === after.cards[index].back ? state : { ...state, turned: true, moved: "" };
  },
  mount: (box, kit) => (kit.state.over ? drawDeckEnd : drawCard)(box, kit),
  look(kit, list, item) {
    const { state } = kit;
    if (list !== "cards" || (!state.over && state.order[state.at] === item)) return;
    const deck = state.over || !state.order.includes(item) ? startDeck(kit) : state;
    kit.state = { ...deck, at: deck.order.indexOf(item), turned: false, over: false, moved: "",
      known: deck.known.filter((index) => index !== item) };
    kit.paint();
  },
  sheet: ({ h, slots }) => h("ul.cutouts", slots.cards.map((card) => [h("li", card.front), h("li", card.back)])),
});
