// The next move of somebody who plays one block to its goal: what to press, where to write, what to wait for.
// Asked again after each move, in a world of its own, with the block's id and its slots; it only looks at the page.
((id, slots) => {
  "use strict";
  const section = document.querySelector(`[data-block="${id}"]`);
  const memory = ((globalThis.sproutPlayer ||= {})[id] ||= { turns: 0, seen: new Map() });
  const seen = (node) => Boolean(node && node.getClientRects().length) && getComputedStyle(node).visibility !== "hidden";
  const all = (query, inside = section) => [...inside.querySelectorAll(query)].filter(seen);
  const able = (node) => !node.disabled && node.getAttribute("aria-disabled") !== "true";
  const act = (...names) => names.flatMap((name) => all(`[data-act="${name}"]`)).find(able);
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const wait = { move: "wait" };
  const press = (node) => {
    if (!node) return wait;
    node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = node.getBoundingClientRect();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    const covered = !top || !(node.contains(top) || top.contains(node));
    return { move: covered ? "covered" : "press", x, y, what: flat(node.textContent).slice(0, 40) };
  };
  const write = (node, words) => (node ? { ...press(node), type: words } : wait);
  const once = (name, move) => {
    if (memory[name]) return null;
    memory[name] = true;
    return move();
  };
  const drag = (node) => {
    const from = press(node);
    const box = node?.getBoundingClientRect();
    return box ? { ...from, to: { x: from.x + box.width / 5, y: from.y + box.height / 5 } } : wait;
  };

  // Turn cards over, remember them, and bring together what belongs together.
  const memoryMove = () => {
    const ready = act("ready", "restart");
    if (ready) return press(ready);
    const tiles = all('[data-act="tile"]');
    const text = (tile) => flat(tile.querySelector("span")?.textContent || "");
    tiles.forEach((tile, i) => { if (text(tile)) memory.seen.set(i, text(tile)); });
    const shut = tiles.map((tile, i) => i).filter((i) => !tiles[i].matches(".pair") && !text(tiles[i]));
    const open = tiles.findIndex((tile) => !tile.matches(".pair") && text(tile));
    const partner = (i, one) => one !== i && slots.pairs.some(({ a, b }) => {
      const [mine, other] = [memory.seen.get(i), memory.seen.get(one)];
      return (mine === flat(a) && other === flat(b)) || (mine === flat(b) && other === flat(a));
    });
    const known = open >= 0 ? shut.find((i) => partner(open, i)) : shut.find((i) => shut.some((one) => partner(i, one)));
    return press(tiles[known ?? shut.find((i) => !memory.seen.has(i)) ?? shut[0]]);
  };

  const players = {
    quiz() {
      const next = act("next");
      const shown = flat((section.querySelector("[data-focus]") || section).textContent);
      const asked = slots.questions.filter((one) => shown.includes(flat(one.ask)))
        .sort((a, b) => b.ask.length - a.ask.length)[0];
      const answers = all('[data-act="answer"]');
      const open = answers.filter(able);
      const picked = answers.some((node) => node.getAttribute("aria-pressed") === "true");
      if (next && (!open.length || picked)) return press(next);
      if (!asked) return press(next);
      return press(open.find((node) => flat(node.querySelector("[dir]").textContent) === flat(asked.right)));
    },
    flashcards: () => press(act("knew", "next", "finish", "turn")),
    story() {
      const paths = all('[data-act="choose"]');
      return press(paths.find((node) => !node.querySelector(".gl-tick")) || paths[Math.floor(Math.random() * paths.length)]);
    },
    chatbot: () => once("said", () => write(act("write"), slots.replies[0].keys[0])) || wait,
    pet: () => press(act("care")),
    drawing: () => drag(all("canvas")[0]),
    timer: () => press(act("start") || (slots.mode === "stopwatch" ? act("stop") : null)),
    checklist() {
      const open = all('[data-act="tick"]:not(:checked)')[0];
      const box = act("write");
      return open || !box ? press(open) : write(box, "Water the plant");
    },
    calculator: () => write(act("number"), String(++memory.turns)),
    converter: () => write(act("side0"), "12"),
    picker: () => press(act("pick")),
    memory: memoryMove,
    arcade() {
      const end = act("end");
      if (end) return press(end);
      memory.turns += 1;
      return memory.turns % 12 ? (act("play") ? press(act("play")) : wait) : press(act("pause"));
    },
    soundboard: () => press(act("pad")),
    poll() {
      const next = act("next");
      const choices = all('[data-act="choose"]').filter(able);
      const chosen = choices.some((node) => node.matches(":checked, [aria-pressed=true], [aria-checked=true]"));
      const box = act("write");
      if (box && !box.value) return write(box, "Pancakes");
      if (choices.length && !chosen) return press(choices.at(-1));
      return press(next || act("begin", "person"));
    },
    journal: () => once("wrote", () => write(act("write"), "We found a green leaf.")) || wait,
    classifier() {
      if (section.querySelector(".learns")) return { move: "cannot" };
      const box = act("write");
      if (box && !box.value) return write(box, "What a lovely day");
      return (!box && once("drew", () => drag(all("canvas, .pad")[0]))) || press(act("guess"));
    },
    texttool() {
      const box = act("write");
      if (slots.job !== "summarise" && !act("work", "stop", "copy")) return { move: "cannot" };
      return box && !box.value ? write(box, "The sun is a star. It is very hot. Plants need its light to grow.") : press(act("work"));
    },
    counter: () => press(act("plus")),
    note: () => press(section.querySelector('[data-act="click"]')),
  };
  if (!section) return { move: "missing" };
  if (!seen(section)) {
    const way = all(`[data-act="tab-${id}"]`, document)[0] || all('[data-act="step-next"]', document)[0];
    return way ? press(way) : { move: "hidden" };
  }
  return Object.hasOwn(players, slots.type) ? players[slots.type]() : { move: "unknown" };
})
