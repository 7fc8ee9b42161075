// Cards face down; two belong together by their words. No clock hurries anybody: two cards that do not fit lie open
// until the next press, and the look at the start can be held or ended.
const GAP = 8;
const LEAST = 4.25;   // rem, a row
const MOST = 12;     // rem, a column
const STEPS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LABELS = { pair: "memoryFound", up: "memoryUp", down: "memoryDown" };

// A card is a place in state.order: [number of its pair, "a" or "b"].
const textOf = ({ slots, state }, place) => slots.pairs[state.order[place][0]][state.order[place][1]];
const faceOf = ({ gone, open, phase }, place) => (gone.includes(place) ? "pair" : open.includes(place) || phase === "peek" ? "up" : "down");
const labelOf = (kit, place) => {
  const { cols } = kit.state;
  return kit.word(LABELS[faceOf(kit.state, place)], { row: Math.floor(place / cols) + 1, n: (place % cols) + 1, text: textOf(kit, place) });
};
const limit = ({ moves, pairs }) => moves && Math.max(moves, pairs.length);   // never fewer than it takes
const bestOf = (kit) => {
  const { pairs, best } = kit.kept() || {};
  return pairs === kit.slots.pairs.length && best > 0 ? best : 0;
};
const deal = ({ slots, chance }, order = shuffled(slots.pairs.flatMap((_, i) => [[i, "a"], [i, "b"]]), chance)) =>
  ({ order, phase: slots.peek ? "peek" : "play", left: slots.peek, open: [], gone: [], found: [], fresh: [], moves: 0, at: 0 });

const ready = (kit) => {
  Object.assign(kit.state, { phase: "play", fresh: Object.keys(kit.state.order).map(Number) });
  kit.say(kit.word("memoryFind"));
  kit.paint(kit.section.contains(document.activeElement) && ".tile[tabindex='0']");
};

const press = (kit, place) => {
  const { state } = kit;
  const { phase, open } = state;
  state.at = place;
  if (phase === "peek") { ready(kit); return; }
  if (phase !== "play" || faceOf(state, place) === "pair" || (open[0] === place && !open[1])) return;
  const same = open.includes(place);
  state.fresh = [...open, place];
  state.open = open.length > 1 ? [] : [...open];
  if (!same) state.open.push(place);
  state.told = "";
  kit.sound("tap");
  kit.say(labelOf(kit, place));
  if (state.open.length > 1) compare(kit);
  else kit.paint();
};

const compare = (kit) => {
  const { state, slots, word } = kit;
  const [a, b] = state.open.map((place) => textOf(kit, place));
  const pair = slots.pairs.findIndex((one, i) => !state.found.includes(i) && [one.a, one.b].includes(a) && (one.a === a ? one.b : one.a) === b);
  const right = pair >= 0;
  if (right) { state.found.push(pair); state.gone.push(...state.open); state.open = []; kit.sound("good"); }
  state.moves += 1;
  state.told = word(right ? "memoryPair" : "memoryOther", { a, b });
  const won = state.found.length === slots.pairs.length;
  const over = won || state.moves === limit(slots);
  kit.say(state.told, over && word(won ? "memoryWon" : "memoryLost"));
  if (over) end(kit, won);
  kit.paint(over && "[data-act=restart]");
  kit.fire(right ? "right" : "wrong");
  if (over) kit.fire(won ? "win" : "lose");
};

const end = (kit, won) => {
  const { state } = kit;
  const best = bestOf(kit);
  state.phase = won ? "won" : "lost";
  state.record = won && best > state.moves;
  if (won && (!best || state.record)) kit.keep({ pairs: state.found.length, best: state.moves });
  if (won) kit.joy();
  else kit.sound("no");
};

const walk = (kit, event) => {
  const { state } = kit;
  const tiles = kit.section.querySelectorAll(".tile");
  const [across, down] = STEPS[event.key] || [0, 0];
  const to = state.at + (root.dir === "rtl" ? -across : across) + down * state.cols;
  if (to === state.at || !tiles[to]) return;
  event.preventDefault();
  tiles[state.at].tabIndex = -1;
  tiles[to].tabIndex = 0;
  tiles[to].focus();
  state.at = to;
};

const drawTile = (kit, place) => {
  const { state, h, icon } = kit;
  const face = faceOf(state, place);
  const text = textOf(kit, place);
  return kit.button("tile", `.tile.${face}${state.fresh.includes(place) ? ".flipped" : ""}`, {
    tabindex: place === state.at ? "0" : "-1", "aria-disabled": face === "pair" && "true", "--i": place, click: () => press(kit, place),
    "data-place": `pairs/${state.order[place][0]}`, "--l": Math.max(5, ...text.split(/\s+/u).map((one) => one.length)),
  }, face === "down" ? icon(kit.app.icon, "m") || icon("star", "m") : [face === "pair" && kit.glyph("tick"), h("span", { dir: "auto" }, text)]);
};

const drawPeek = (kit) => {
  const { state, h, word, glyph } = kit;
  const bar = h("b");
  const pass = (seconds) => {
    state.left -= seconds;
    bar.style.setProperty("--w", `${Math.max(0, (100 * state.left) / kit.slots.peek)}%`);
    if (state.left <= 0) ready(kit);
  };
  pass(0);
  if (!state.held) kit.frames(pass);
  return [h("div.row", { "aria-hidden": "true" }, h("div.meter", bar)), h("div.row",
    kit.button("hold", ".btn.soft", { click: () => { state.held = !state.held; kit.paint(); } }, glyph(state.held ? "play" : "pause"), word(state.held ? "resume" : "pause")),
    kit.button("ready", ".btn", { click: () => ready(kit) }, word("memoryReady")))];
};

const drawEnd = (kit) => {
  const { state, h, word } = kit;
  const won = state.phase === "won";
  const again = () => { kit.state = deal(kit, won ? undefined : state.order); kit.paint("[data-act=ready], .tile"); };
  return [h("h3.mid", word(state.record ? "best" : won ? "memoryWon" : "memoryLost")),
    h("p.mid", won ? word("memoryBest", { n: bestOf(kit) }) : word("keepGoing")),
    kit.button("restart", ".btn", { click: again }, kit.glyph("again"), word(won ? "playAgain" : "memorySame"))];
};

// Columns that make the cards near square with room for the longest word. They hang on the window alone: a card
// must not move while the lines below the board change. Alone on the page the rows share the height that is left.
const lay = (box, kit) => {
  const board = box.querySelector(".tiles");
  const tiles = [...board.children];
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const high = Math.max(innerHeight - 15 * rem, rem);
  const long = Math.min(9, Math.max(...tiles.map((tile) => tile.style.getPropertyValue("--l"))));
  board.style.setProperty("--h", 0);
  const left = kit.solo ? innerHeight - document.body.scrollHeight + board.clientHeight : high;
  let best = 0;
  for (let cols = 2; cols < 7; cols += 1) {
    const rows = Math.ceil(tiles.length / cols);
    const wide = Math.min((box.clientWidth + GAP) / cols - GAP, MOST * rem);
    const tall = (room) => Math.max(LEAST * rem, Math.min(room / rows - GAP, 1.15 * wide));
    const score = Math.min(wide, 1.3 * tall(high)) * Math.min(1, high / rows / tall(high))
      * (wide < (0.46 * long + 0.8) * rem ? 0.4 : 1) * (tiles.length % cols ? 0.65 : 1);
    if (score <= best) continue;
    best = score;
    kit.state.cols = cols;
    dress(board, { "--cols": cols, "--h": `${tall(left)}px`, "--w": `${(wide + GAP) * cols - GAP}px` });
  }
  tiles.forEach((tile, place) => tile.setAttribute("aria-label", labelOf(kit, place)));
};

sprout.block("memory", {
  wide: true,
  events: ["right", "wrong", "win", "lose"],
  icon: "star",
  fresh: (kit) => deal(kit),
  adapt: (state, before, after) => (["peek", "moves"].every((name) => before[name] === after[name]) && before.pairs.length === after.pairs.length ? state : null),
  mount(box, kit) {
    const { state, slots, h, word } = kit;
    const most = limit(slots);
    box.append(h("div.row.tally", h("span.pill.num", kit.icon("star"), word("memoryPairs", { n: state.found.length, total: slots.pairs.length })),
      h("b.num", most ? word("memoryLeft", { n: most - state.moves }) : word("memoryMoves", { n: state.moves }))),
    h(`div.tiles.${state.phase}`, { role: "group", "aria-label": slots.title, keydown: (event) => walk(kit, event) },
      state.order.map((_, place) => drawTile(kit, place))),
    state.phase === "play" ? h("p.mid", h("b", state.told || word("memoryFind"))) : h("div.actions", (state.phase === "peek" ? drawPeek : drawEnd)(kit)));
    state.fresh = [];
  },
  fit: lay,
  look(kit, list, item) {
    if (!["peek", "play"].includes(kit.state.phase)) kit.state = deal(kit);
    const { state } = kit;
    const places = [...state.order.keys()].filter((place) => state.order[place][0] === item);
    Object.assign(state, { phase: "play", open: places.filter((place) => !state.gone.includes(place)) });
    kit.paint();
    return kit.section.querySelectorAll(".tile")[places[0]];
  },
  sheet: ({ h, slots }) => h("ul.cutouts", slots.pairs.map((pair) => [h("li", pair.a), h("li", pair.b)])),
});
