// Six games; their rules stand in rules/arcade.js, and this is the page around them.

// How many moments nobody plays before the first picture is taken.
const TRIAL = 70;
// What lays out a play box once its room is known.
const views = new WeakMap();
const memo = (kit) => Object(kit.kept());
const note = (kit, more) => kit.keep({ ...memo(kit), ...more });
const whole = (value) => (Number.isInteger(value) ? value : 0);
const livesOf = ({ word }, n) => (n === 1 ? word("arcLife") : word("arcLives", { n }));

const begin = (kit, phase) => ({ phase, calm: memo(kit).calm ?? kit.calm(), random: kit.random(`game ${whole(memo(kit).plays)}`),
  score: 0, lives: kit.slots.lives, time: 0, wait: 0, count: 0, things: [], rise: 0, leaps: 0, loaded: 0, mercy: 0, streak: 0 });

const play = (kit) => {
  if (kit.state.phase === "pause") kit.state.phase = "play";
  else {
    note(kit, { plays: whole(memo(kit).plays) + 1 });
    kit.state = begin(kit, "play");
  }
  kit.sound("tap");
  kit.paint("[data-act=field]");
};

const halt = (kit, focus) => {
  if (kit.state.phase !== "play") return;
  kit.state.phase = "pause";
  kit.say(kit.word("paused"));
  kit.paint(focus);
};

const finish = (kit, how) => {
  const { state } = kit;
  Object.assign(state, { phase: "over", how, record: state.score > whole(memo(kit).best) });
  if (state.record) note(kit, { best: state.score });
  if (how === "win") kit.joy();
  else kit.sound(state.record ? "win" : "tap");
  kit.paint("[data-focus]");
  kit.fire("finish");
  if (how !== "end") kit.fire(how);
};

const goalOf = ({ slots, word, state }) => {
  if (slots.win) return word(GAMES[slots.game][5], { n: slots.win });
  return slots.game === "dodge" && slots.seconds && !state.calm ? word("arcLast", { n: slots.seconds }) : word("arcMany");
};

// Things are drawn once, when they come; after that they are only pushed about by transform.
const stageOf = (kit, field) => {
  const { state, slots, h, icon } = kit;
  const { game } = slots;
  const nodes = new Map();
  const figure = (kind, name) => h(`span.thing.${kind}`, { "data-thing": kind }, name && (icon(name, "m") || h("i.blob")));
  const holes = game === "whack" ? HOLES.map((i) => h("i.hole", i + 1)) : [];
  const self = figure("self", slots.player);
  field.append(...holes, self);
  const put = (node, { x, y, age }) => {
    const size = game === "whack" && age !== undefined ? clamp(Math.min(age, STAY_S - age) * 7, 0.05, 1) : 1;
    node.style.transform = `translate(${(x - 0.5) * state.room.tile}px,${(y - 0.5) * state.room.tile}px) scale(${size})`;
  };
  const draw = () => {
    for (const [thing, node] of nodes) if (!state.things.includes(thing)) { node.remove(); nodes.delete(thing); }
    for (const thing of state.things) {
      const { kind } = thing;
      if (!nodes.has(thing)) {
        nodes.set(thing, figure(kind, slots[kind]?.[thing.icon % slots[kind].length]));
        self.before(nodes.get(thing));
      }
      put(nodes.get(thing), thing);
    }
    put(self, state);
  };
  const burst = (thing) => {
    const node = nodes.get(thing);
    nodes.delete(thing);
    node?.classList.add("hit");
    setTimeout(() => node?.remove(), 350);
    if (thing.kind === "bad" && !kit.calm()) self.animate([{ opacity: 0.2 }, { opacity: 1 }], { duration: 400, iterations: 2 });
  };
  views.set(field.parentNode, () => {
    const tile = clamp(Math.min(field.clientWidth, field.clientHeight) / 6, 44, 84);
    const first = !state.room;
    const room = { tile, w: field.clientWidth / tile, h: field.clientHeight / tile };
    state.room = room;
    field.style.setProperty("--tile", `${tile}px`);
    if (first) Object.assign(state, game === "jump" ? { x: 1.4, y: room.h * FLOOR } : holeAt(room, tapped(game) ? 4 : 7));
    if (first && state.phase === "ready") for (let i = 0; i < TRIAL; i += 1) step(state, slots, { x: 0, y: 0 }, 0.05, state.random);
    holes.forEach((hole, i) => put(hole, holeAt(room, i)));
    draw();
  });
  return { draw, burst };
};

const listen = (field, kit, wish, down) => {
  const { state, slots: { game } } = kit;
  const act = () => { wish.act = wish.fire = true; if (game === "jump") kit.sound("swish"); };
  const lift = () => { wish.fire = false; };
  const arrow = (key) => {
    wish.to = null;
    down[key] = 1;
    const { w, h } = game === "whack" ? state.room : { w: 3 * NUDGE, h: 3 * NUDGE };
    state.x += ((key === "ArrowRight") - (key === "ArrowLeft")) * (w / 3);
    state.y += ((key === "ArrowDown") - (key === "ArrowUp")) * (h / 3);
  };
  const press = (event) => {
    const { key, repeat } = event;
    const digit = game === "whack" && Number(key);
    const acts = digit || [" ", "Enter", game === "jump" && "ArrowUp"].includes(key);
    if (key === "Escape") halt(kit, "[data-act=play]");
    if (!acts && !key.startsWith("Arrow")) return;
    event.preventDefault();
    if (digit) wish.to = holeAt(state.room, digit - 1);
    if (acts && !repeat) act();
    else if (!repeat && game !== "jump") arrow(key);
  };
  const point = (event) => {
    const { left, top } = field.getBoundingClientRect();
    // A finger would lie over the player.
    const above = event.pointerType === "touch" && game === "dodge" ? 1 : 0;
    wish.to = { x: (event.clientX - left) / state.room.tile, y: (event.clientY - top) / state.room.tile - above };
  };
  // Drawing anew moves the focus for a moment only; one that is really gone halts the game.
  const left = () => kit.after(0, () => { if (field.isConnected && (document.activeElement !== field || !document.hasFocus())) halt(kit); });
  dress(field, { keydown: press, keyup: ({ key }) => { down[key] = 0; lift(); }, focusout: left,
    pointerdown: (event) => { point(event); act(); }, pointermove: point, pointerup: lift, pointercancel: lift });
};

const pills = (kit) => {
  const { state, slots, h, icon, word } = kit;
  const pill = (on, name, picture, text) => (on ? [h("span.pill.num", { "data-tally": name }, picture, h("b", text))] : []);
  const ready = state.phase === "ready";
  const best = whole(memo(kit).best);
  return [...pill(!ready, "score", icon("star"), state.score),
    ...pill(slots.bad.length, "lives", icon("heart"), ready ? livesOf(kit, slots.lives) : state.lives),
    ...pill(!ready && slots.seconds && !state.calm, "clock", icon("clock"), Math.ceil(slots.seconds - state.time)),
    ...pill(ready && best, "best", icon("trophy"), word("arcBest", { n: best }))];
};

const run = (kit, field, { draw, burst }, tally) => {
  const { state, slots, word } = kit;
  const wish = {};
  const down = {};
  let shown = 0;
  listen(field, kit, wish, down);
  kit.frames((seconds) => {
    wish.x = (down.ArrowRight || 0) - (down.ArrowLeft || 0);
    wish.y = (down.ArrowDown || 0) - (down.ArrowUp || 0);
    for (const thing of step(state, slots, wish, seconds, state.random)) {
      const bad = thing.kind === "bad";
      burst(thing);
      tally();
      if (bad) kit.sound("no");
      else kit.tones([[0, 520 + 60 * (state.streak % 10), 0.09, 0.12, "triangle"]]);
      if (bad) kit.say(livesOf(kit, state.lives));
      else if (state.score % 10 === 0) kit.say(word("arcPoints", { n: state.score }));
      kit.fire(bad ? "wrong" : "right");
      // A rule may have begun the block anew.
      if (kit.state !== state) return;
    }
    draw();
    const how = result(state, slots);
    if (how) { finish(kit, how); return; }
    if (Math.floor(state.time) === shown) return;
    shown = Math.floor(state.time);
    tally();
    if (!state.calm && slots.seconds - shown === 10) kit.say(word("secondsLeft", { n: 10 }));
  });
};

const drawEnd = (box, kit) => {
  const { state: { score, how, record }, slots, h, icon, word } = kit;
  const best = whole(memo(kit).best);
  const won = how === "win";
  box.classList.add("split", "end");
  box.append(h("div.left", h("div.hero", icon(won || record ? "trophy" : slots.player, "m bob")),
    h("div.mid", h("h3.big", { tabindex: "-1", "data-focus": "" }, won ? word("arcWon") : score ? `${score}!` : word("notThisTime")),
      h("p.muted", won && `${word("arcPoints", { n: score })}. `, record ? word("best") : best ? word("arcOnce", { n: best }) : word("keepGoing")))),
  h("div.side", h("div.actions", kit.button("again", ".btn", { click: () => play(kit) }, kit.glyph("again"), word("playAgain")))));
};

const drawGame = (box, kit) => {
  const { state, slots, h, word, glyph, icon, button } = kit;
  const [live, ready] = [state.phase === "play", state.phase === "ready"];
  const [, , , good, bad, , keys] = GAMES[slots.game];
  const list = h("div.row");
  const bar = h("b");
  const tally = () => {
    list.replaceChildren(...pills(kit));
    bar.style.setProperty("--w", `${(100 * state.score) / slots.win}%`);
  };
  const card = (kind, picture, text) => slots[kind].length > 0 && h(`div.card.${kind}`, h("b", glyph(picture), text), h("span", slots[kind].map((name) => icon(name, "m"))));
  const change = ({ target }) => { state.calm = target.checked; note(kit, { calm: state.calm }); kit.paint(); };
  const field = h(`div.field.f-${slots.game}`, live
    ? { tabindex: "0", role: "application", "data-act": "field", "aria-label": `${goalOf(kit)}. ${word(keys)}` }
    : h("b.card.sign", ready ? goalOf(kit) : word("paused")));
  tally();
  box.classList.add("split", "arcade", state.phase);
  box.append(field, h("div.side",
    h("div.row.tally", list, live ? button("pause", ".round", { "aria-label": word("pause"), click: () => halt(kit, "[data-act=play]") }, glyph("pause"))
      : h("label.pill", h("input", { type: "checkbox", role: "switch", "data-act": "calm", checked: state.calm, change }), word("arcCalm"))),
    !ready && slots.win > 0 && h("div.meter", bar),
    h("div.how", card("good", "tick", word(good)), card("bad", "no", word(bad))), h("p.mid.muted.small", word(keys)),
    !live && h("div.actions", !ready && button("end", ".btn.soft", { click: () => finish(kit, slots.win ? "lose" : "end") }, word("arcEnd")),
      button("play", ".btn", { click: () => play(kit) }, glyph("play"), ready ? word("start") : word("resume")))));
  const stage = stageOf(kit, field);
  if (live) run(kit, field, stage, tally);
};

sprout.block("arcade", {
  wide: true,
  events: ["right", "wrong", "win", "lose", "finish"],
  icon: "rocket",
  fresh: (kit) => begin(kit, "ready"),
  restart: (kit) => kit.keep({ calm: kit.state.calm }),
  adapt(state, before, after) {
    if (before.game !== after.game || state.phase === "ready") return null;
    state.lives = Math.max(1, state.lives + after.lives - before.lives);
    return state;
  },
  mount: (box, kit) => (kit.state.phase === "over" ? drawEnd : drawGame)(box, kit),
  fit: (box) => views.get(box)?.(),
  look(kit, list, item) {
    if (kit.state.phase !== "ready") kit.begin();
    return kit.section.querySelectorAll(`.how .${list} svg`)[item];
  },
});
