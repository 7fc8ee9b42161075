// A creature with needs that run down in real time. It never dies: while a need is empty it sulks, until somebody cares.
// Kept are the needs (by their words), when they were looked at last, the days, and the hearts that let it grow.
// Points a minute while somebody looks on, and so many times slower while nobody does: a night makes hungry, not ill.
const PACE = { slow: 3, normal: 6, fast: 15 };
const AWAY = 60;
// A longer time between two looks means that nobody was there.
const GAP_MS = 5000;
// Something to do at once.
const START = [24, 70, 92, 58, 80];
const FILL = 60;
const LOW = 30;
const HIGH = 80;
const HEARTS = 20;
const LINES = { cheerful: ["petCheerful", "petCheerfulLow"], sleepy: ["petSleepy", "petSleepyLow"], shy: ["petShy", "petShyLow"],
  wild: ["petWild", "petWildLow"], grumpy: ["petGrumpy", "petGrumpyLow"] };
// For a thing without a face of its own.
const FACE = '<g class="eyes"><path d="M9 8.2a2 2 0 1 1-.01 0M15 8.2a2 2 0 1 1-.01 0" fill="var(--shine)" stroke-width=".6"/>' +
  '<path d="M9.2 10v.4M15.2 10v.4" stroke-width="1.8"/></g><path class="mouth" d="M9.5 14.5c1.4 1.6 3.6 1.6 5 0" fill="none"/>';

const today = () => new Date().toLocaleDateString("sv");
const number = (value, otherwise, most) => (Number.isFinite(value) ? Math.max(0, Math.min(most, value)) : otherwise);
const kindOf = (level) => (level <= 0 ? "petEmpty" : level < LOW ? "petLow" : level > HIGH ? "petFull" : "petFine");

// Levels for these needs, from what is known of earlier ones: [[words, level], ...].
const levelsOf = (needs, old) => needs.map(({ label }, i) => {
  const same = old.find((one) => one?.[0] === label) || (old.length === needs.length && old[i]);
  return number(same?.[1], START[i % START.length], 100);
});
const pairs = (slots, state) => slots.needs.map(({ label }, i) => [label, state.levels[i]]);
const save = ({ state, slots, keep }) => keep({ needs: pairs(slots, state), at: state.at, days: state.days, day: state.day, hearts: state.hearts });

// Let the time since the last look pass. A clock that went backwards takes nothing away.
const pass = ({ state, slots, section }) => {
  const gap = Math.max(0, Date.now() - state.at);
  const looking = gap < GAP_MS && !document.hidden && section.offsetParent;
  const minutes = gap / 60000 / (looking ? 1 : AWAY);
  state.levels = state.levels.map((level, i) => {
    const now = Math.max(0, level - minutes * (PACE[slots.needs[i].drain] || PACE.normal));
    state.lost ||= level > 0 && !now;
    return now;
  });
  if (today() > state.day) state.days += 1;
  state.day = today();
  state.at = Date.now();
  if (state.at > state.until) state.line = "";
};

const lowest = ({ levels }) => levels.indexOf(Math.min(...levels));
const mood = ({ levels }) => ({ petEmpty: "sulks", petLow: "wants" }[kindOf(Math.min(...levels))] || "happy");
const words = ({ state, slots, word }) => {
  const [happy, wants] = LINES[slots.mood] || LINES.cheerful;
  return word(state.line || { happy, wants, sulks: "petSulk" }[mood(state)], { need: slots.needs[lowest(state)].label });
};
const feelings = ({ state, slots, word }) => word({ sulks: "petSulks", wants: "petWants", happy: "petHappy" }[mood(state)],
  { name: slots.name, need: slots.needs[lowest(state)].label });
const level = ({ state, slots, word }, i) => word("petTold", { need: slots.needs[i].label, level: word(kindOf(state.levels[i])) });

const care = (kit, i) => {
  const { state, slots, word } = kit;
  pass(kit);
  const full = state.levels[i] > HIGH;
  const heart = !full && slots.grows && state.hearts < HEARTS;
  if (heart) state.hearts += 1;
  const grown = heart && state.hearts >= HEARTS;
  state.levels[i] = Math.min(100, state.levels[i] + FILL);
  Object.assign(state, { line: grown ? "petGrown" : full ? "petEnough" : "petThanks", until: state.at + 2600, hop: true });
  if (grown) kit.joy();
  else kit.tones([0, 0.13, 0.26].map((start) => [start, 240, 0.07, 0.25, "triangle", 150]));
  kit.say(level(kit, i), grown ? word("petGrown") : feelings(kit));
  save(kit);
  kit.paint();
  kit.fire("click");
  if (!full) kit.fire("change");
  if (grown) kit.fire("win");
};

const stroke = (kit) => {
  kit.state.hop = true;
  kit.tones([[0, 620, 0.14, 0.16, "sine", 1250]]);
  kit.say(feelings(kit));
  kit.paint();
  kit.fire("click");
};

const creature = (kit) => {
  const { state, slots, h, icon, word } = kit;
  const body = icon(slots.icon, "xl") || icon(kit.app.icon, "xl") || icon("smile", "xl");
  const face = !body.querySelector(".eyes") && drawing(`<svg xmlns="${SVG_NAME}" class="ic face" viewBox="0 0 24 24" aria-hidden="true">${FACE}</svg>`);
  const node = kit.button("stroke", ".stand", { "aria-label": word("petStroke", { name: slots.name }), "--big": slots.grows ? 0.72 + 0.28 * (state.hearts / HEARTS) : 1 },
    h("span.creature.bob", h(`span${state.hop ? ".hops" : ""}`, body, face)), mood(state) === "sulks" && icon("cloud", "m over"), state.hop && icon("heart", "m over heart"));
  node.addEventListener("click", () => stroke(kit));
  return meadow(node, h("p.say", { dir: "auto" }, words(kit)));
};

const needRow = (kit, need, i) => {
  const { state, h, word } = kit;
  const kind = kindOf(state.levels[i]);
  const give = kit.button("care", lowest(state) === i ? ".btn" : ".btn.soft", { dir: "auto" }, need.care);
  give.addEventListener("click", () => care(kit, i));
  return h(state.levels[i] < LOW ? "li.need.low" : "li.need", { "data-place": `needs/${i}` }, kit.icon(need.icon), h("b", h("span", { dir: "auto" }, need.label), h("small", word(kind))),
    h("div.meter", { role: "meter", "aria-label": need.label, "aria-valuemin": "0", "aria-valuemax": "100" }, h("b")), give);
};

const fillMeters = ({ state, word }, box) => box.querySelectorAll(".need .meter").forEach((meter, i) => {
  const n = Math.round(state.levels[i]);
  dress(meter, { "--w": `${n}%`, "aria-valuenow": n, "aria-valuetext": `${word(kindOf(n))}, ${word("countOf", { n, total: 100 })}` });
});

// What would look different now; the meters move by themselves.
const looks = (kit) => [words(kit), lowest(kit.state), kit.state.days, ...kit.state.levels.map(kindOf)].join();

const beat = (kit) => {
  const { state } = kit;
  const before = state.levels.map(kindOf);
  pass(kit);
  state.levels.forEach((now, i) => { if (now < LOW && kindOf(now) !== before[i]) kit.say(level(kit, i)); });
  if (looks(kit) !== state.drawn) kit.paint();
  else fillMeters(kit, kit.section);
  if (!state.lost) return;
  state.lost = false;
  kit.fire("lose");
};

sprout.block("pet", {
  wide: true,
  events: ["click", "change", "win", "lose"],
  icon: "heart",
  precious: ({ state }) => state.days > 1 || state.hearts > 0,
  fresh(kit, again) {
    if (again) kit.forget();
    const kept = kit.kept() || {};
    const now = Date.now();
    return { levels: levelsOf(kit.slots.needs, Array.isArray(kept.needs) ? kept.needs : []), at: number(kept.at, now, now),
      days: Math.ceil(number(kept.days, 1, 99999)) || 1, day: String(kept.day || today()), hearts: Math.floor(number(kept.hearts, 0, HEARTS)), until: 0 };
  },
  adapt: (state, before, after) => ({ ...state, levels: levelsOf(after.needs, pairs(before, state)) }),
  mount(box, kit) {
    const { state, slots, h, icon, word } = kit;
    pass(kit);
    const grown = state.hearts >= HEARTS && word("petIsGrown");
    const hearts = { n: state.hearts, total: HEARTS };
    box.classList.add("split", "pet", mood(state), slots.mood);
    box.append(creature(kit), h("div.side", h("ul.card.needs", slots.needs.map((need, i) => needRow(kit, need, i))),
      h("div.row.life", h("b", { dir: "auto" }, slots.name), h("span.pill.num", icon("star"), word("petDay", { n: state.days })),
        slots.grows && h("span.pill.num", { role: "img", "aria-label": grown || word("petGrows", hearts) }, icon("heart"), h("span", { dir: "auto" }, grown || word("countOf", hearts))))));
    fillMeters(kit, box);
    Object.assign(state, { hop: false, drawn: looks(kit) });
    kit.every(1000, () => beat(kit));
    kit.every(10000, () => document.hidden || save(kit));
  },
  elsewhere(kit) {
    const { needs, days, hearts } = kit.kept() || {};
    Object.assign(kit.state, { hearts: number(hearts, 0, HEARTS), days: Math.max(kit.state.days, number(days, 1, 99999)), levels: levelsOf(kit.slots.needs, Array.isArray(needs) ? needs : []) });
  },
  look: ({ section }, list, item) => section.querySelectorAll(".need")[item],
});
