// Chance picks: a wheel, dice, a coin, cards or a slot machine. What is picked is settled first, then shown turning.
const SPIN_MS = 1200;
const PIPS = { 1: [5], 2: [1, 9], 3: [1, 5, 9], 4: [1, 3, 7, 9], 5: [1, 3, 5, 7, 9], 6: [1, 3, 4, 6, 7, 9] };
const REEL = 8;
const FULL = 360;
const LABEL_END = 178;   // where the words of the wheel end, short of the hand
const LABEL_ROOM = 60;

const colour = (index) => `var(--s${(index % 6) + 1})`;
const apart = (slots) => slots.norepeat || slots.style === "wheel" || slots.style === "cards";
const left = ({ slots, state }) => slots.options.map((_, i) => i).filter((i) => !slots.norepeat || !state.used.includes(i));
const named = ({ slots }, list) => list.map((i) => slots.options[i]).join(", ");

const draw = (kit) => {
  const { slots, state, chance } = kit;
  const pool = left(kit);
  const count = apart(slots) ? Math.min(slots.count, pool.length) : slots.count;
  const picked = [];
  while (picked.length < count) {
    const place = Math.floor(chance() * pool.length);
    picked.push(pool[place]);
    if (apart(slots)) pool.splice(place, 1);
  }
  if (slots.norepeat) state.used.push(...picked);
  return picked;
};

const pick = (kit) => {
  const { state, slots } = kit;
  if (state.spinning) return;
  if (slots.norepeat && !left(kit).length) { state.used = []; state.picked = []; kit.say(kit.word("putBack")); kit.paint("[data-act=pick]"); return; }
  const before = state.turned;
  state.picked = draw(kit);
  state.turned = turnFor(slots, state.picked[0], before);
  if (kit.calm()) { show(kit); return; }
  Object.assign(state, { spinning: true, from: before });
  kit.paint();
  for (let i = 0, at = 0; at < SPIN_MS - 80; i += 1) {
    at += 45 + i * 9;   // ticks that slow down
    kit.after(at, () => kit.sound("tick"));
  }
  kit.after(SPIN_MS, () => show(kit));
};

const show = (kit) => {
  const { state, word } = kit;
  state.spinning = false;
  state.fresh = true;
  kit.sound("bell");
  kit.say(word("result", { items: named(kit, state.picked) }));
  kit.paint();
  state.fresh = false;
  kit.fire("finish");
};

// The wheel ends with the middle of the picked piece under the hand at the top.
const turnFor = (slots, index, before) => {
  const piece = FULL / slots.options.length;
  const goal = FULL - (index + 0.5) * piece;
  const rounds = Math.ceil(before / FULL) + 4;
  return rounds * FULL + goal;
};

const spin = (node, frames, delay = 0) => node.animate(frames, { duration: SPIN_MS - 60 - delay, delay, easing: "cubic-bezier(.15,.7,.2,1)", fill: "both" });

const point = (angle, r) => {
  const turn = ((angle - 90) * Math.PI) / 180;
  return [100 + r * Math.cos(turn), 100 + r * Math.sin(turn)].map((n) => n.toFixed(2)).join(" ");
};
const cutTo = (text, most) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

// Words run from the hub to the rim. Where that would put them on their head when the wheel stands still,
// they run from the rim to the hub: the middle of a piece lies left of the wheel's own middle.
const wheelLabel = ({ slots, state, shape }, text, middle) => {
  const count = slots.options.length;
  const stands = (middle + state.turned) % FULL;
  const left = stands > FULL / 2 + 1 && stands < FULL - 1;
  const lines = count <= 8 ? inLines(cutTo(text, 24)) : [cutTo(text, 16)];
  const longest = Math.max(...lines.map((line) => [...line].length));
  const most = count > 16 ? 7 : count > 10 ? 8.5 : count > 6 ? 10 : 13;
  const size = Math.min(lines.length > 1 ? most * 0.85 : most, LABEL_ROOM / (0.62 * longest));
  const x = left ? 200 - LABEL_END : LABEL_END;
  return shape("text", { transform: `rotate(${left ? middle + 90 : middle - 90} 100 100)`, "font-size": size.toFixed(2),
    class: left ? "label fromrim" : "label" },
  lines.map((line, i) => shape("tspan", { x, y: 100 + (i - (lines.length - 1) / 2) * 1.15 * size }, line)));
};

// A long text of several words breaks at the space nearest to its middle.
const inLines = (text) => {
  const spaces = [...text.matchAll(/ /g)].map((found) => found.index);
  if (text.length <= 9 || !spaces.length) return [cutTo(text, 16)];
  const at = spaces.reduce((best, one) => (Math.abs(one - text.length / 2) < Math.abs(best - text.length / 2) ? one : best));
  return [text.slice(0, at), text.slice(at + 1)].map((line) => cutTo(line, 14));
};

const STYLES = {
  wheel(kit) {
    const { slots, state, h, shape } = kit;
    const count = slots.options.length;
    const piece = FULL / count;
    const disc = shape("g", { class: "disc-turn" }, shape("circle", { cx: 100, cy: 100, r: 92, class: "plain" }), slots.options.map((text, i) => {
      const tint = count % 6 === 1 && i === count - 1 ? "odd" : (i % 6) + 1;   // never the colour of a neighbour
      const winner = !state.spinning && state.picked.length > 0;
      return shape("g", { class: winner && !state.picked.includes(i) ? "rest" : "" },
        shape("path", { d: `M100 100L${point(i * piece, 92)}A92 92 0 ${piece > 180 ? 1 : 0} 1 ${point((i + 1) * piece, 92)}z`, class: "slice", "data-s": tint }),
        wheelLabel(kit, text, (i + 0.5) * piece));
    }), shape("circle", { cx: 100, cy: 100, r: 92, class: "edge" }));
    disc.style.transform = `rotate(${state.turned}deg)`;
    if (state.spinning) spin(disc, [{ transform: `rotate(${state.from}deg)` }, { transform: `rotate(${state.turned}deg)` }]);
    return h("div.wheel", shape("svg", { viewBox: "0 0 200 200", "aria-hidden": "true" }, disc,
      shape("circle", { cx: 100, cy: 100, r: 13, class: "hub" }), shape("path", { d: "M100 13l-9-19h18z", class: "pointer" })));
  },
  dice(kit) {
    const { slots, state, h, shape } = kit;
    const thrown = state.picked.length ? state.picked : Array.from({ length: slots.count }, (_, i) => i % slots.options.length);
    return h("div.tray", thrown.map((index, n) => {
      const pips = PIPS[slots.options[index]];
      const die = h("div.die", { "--c": colour(n) }, pips
        ? shape("svg", { viewBox: "0 0 40 40" }, pips.map((spot) => shape("circle", { cx: 10 + 10 * ((spot - 1) % 3), cy: 10 + 10 * Math.floor((spot - 1) / 3), r: 3.6 })))
        : h("span", { dir: "auto" }, slots.options[index]));
      if (!pips && slots.options[index].length > 7) die.classList.add("longer");
      if (state.spinning) spin(die, [{ transform: "rotate(0)" }, { transform: "translateY(-2.5rem) rotate(200deg)", offset: 0.4 }, { transform: `rotate(${n % 2 ? 720 : 360}deg)` }]);
      return die;
    }));
  },
  coin(kit) {
    const { slots, state, h } = kit;
    const thrown = state.picked.length ? state.picked : Array.from({ length: slots.count }, (_, i) => i % slots.options.length);
    return h("div.tray", thrown.map((index) => {
      const coin = h("div.coin", h("span", { dir: "auto" }, slots.options[index]));
      if (index % 2) coin.classList.add("other");
      if (slots.options[index].length > 8) coin.classList.add("longer");
      if (state.spinning) spin(coin, [{ transform: "scaleX(1)" }, ...[0.2, 0.4, 0.6, 0.8].map((offset, i) => ({ transform: `translateY(-${2 * (2 - Math.abs(1.5 - i))}rem) scaleX(${i % 2 ? 1 : 0.06})`, offset })), { transform: "scaleX(1)" }]);
      return coin;
    }));
  },
  cards(kit) {
    const { slots, state, h, icon } = kit;
    const shown = Math.max(slots.count, Math.min(slots.options.length, 6));
    const first = Math.floor((shown - state.picked.length) / 2);
    return h("div.fan", Array.from({ length: shown }, (_, i) => {
      const index = state.picked[i - first];
      const open = index !== undefined && !state.spinning;
      const card = h(`div.pickcard${open ? ".open" : ""}`, { "--c": colour(index ?? i), "--tilt": `${(i - (shown - 1) / 2) * 4}deg` },
        open ? h("span", { dir: "auto" }, slots.options[index]) : icon(kit.app.icon, "m") || icon("star", "m"));
      if (open && slots.options[index].length > 7) card.classList.add("longer");
      if (state.spinning) spin(card, [{ transform: "none" }, { transform: `translateY(${i % 2 ? "-" : ""}1.4rem) rotate(${i % 2 ? 8 : -8}deg)`, offset: 0.3 }, { transform: `translateY(${i % 2 ? "" : "-"}1rem)`, offset: 0.65 }, { transform: "none" }], i * 20);
      return card;
    }));
  },
  slot(kit) {
    const { slots, state, h } = kit;
    const lines = state.picked.length ? state.picked : Array.from({ length: slots.count }, (_, i) => i % slots.options.length);
    return h("div.machine", lines.map((index, n) => {
      const strip = h("div.strip", Array.from({ length: state.spinning ? REEL : 1 }, (_, i) => h("span", { dir: "auto" }, slots.options[(index + i) % slots.options.length])));
      if (state.spinning) spin(strip, [{ transform: `translateY(-${(100 * (REEL - 1)) / REEL}%)` }, { transform: "none" }], n * 60);
      return h("div.reel", { "--c": colour(n) }, strip);
    }));
  },
};

const resultLine = (kit) => {
  const { state, slots, h } = kit;
  if (!state.picked.length || state.spinning) return h("p.result", "\u00a0");
  return h(`p.result${state.fresh ? ".pop" : ""}`, { dir: "auto", "data-result": "" }, named(kit, state.picked));
};

sprout.block("picker", {
  events: ["finish"],
  icon: "star",
  fresh: () => ({ picked: [], used: [], spinning: false, turned: 0, from: 0, fresh: false }),
  adapt: (state, before, after) => (before.options.length === after.options.length && before.style === after.style && before.count === after.count ? { ...state, spinning: false } : null),
  mount(box, kit) {
    const { state, slots, h, word } = kit;
    const rest = left(kit).length;
    const empty = slots.norepeat && rest === 0 && !state.spinning;
    const main = kit.button("pick", ".btn", { "aria-disabled": state.spinning && "true" }, empty ? kit.glyph("again") : null, empty ? word("putBack") : slots.button);
    main.addEventListener("click", () => pick(kit));
    const pile = slots.norepeat && h("p.mid.muted", word("leftOf", { n: rest, total: slots.options.length }), empty && ` · ${word("everyone")}`);
    const list = h("ul.sr", { "aria-label": word("inside") }, slots.options.map((text) => h("li", text)));
    box.append(h("div.hero", { "aria-hidden": "true" }, STYLES[slots.style](kit)), resultLine(kit), ...[pile, list, main].filter(Boolean));
  },
  sheet: ({ h, slots }) => h("ul.boxes", slots.options.map((text) => h("li", text))),
});
