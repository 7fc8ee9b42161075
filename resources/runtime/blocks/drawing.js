// A sheet to draw on; what its tools do stands in rules/drawing.js.
const COLOURS = { ink: "drawInk", s1: "drawRed", s2: "drawYellow", s3: "drawGreen", s4: "drawCyan", s5: "drawBlue", s6: "drawPink" };
const TOOLS = { pen: "drawPen", brush: "drawBrush", eraser: "drawEraser", fill: "drawFill", stamp: "drawStamp", line: "drawLine", circle: "drawCircle", square: "drawSquare", spray: "drawSpray" };
// Each step back is four bytes for each dot.
const MOST_UNDO = 10;
const MOST_KEPT = 1500000;
const KEEP_MS = 800;
const LONG_IDEA = 60;
const KEY_STEP = 24;
const FINE_STEP = 4;
Object.assign(GLYPHS, {
  pen: "M4 20l1-5L16 4l4 4L9 19z", brush: "M20 4l-9 9M11 13c-3-1-5 1-5 3s-1 3-3 4c4 1 9 0 9-4z", eraser: "M4 15l9-9 6 6-8 8H8zM9 10l6 6",
  fill: "M4 12l7-7 7 7-7 7zM11 5L9 3M20.5 15v4", line: "M5 19L19 5", circle: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16z", square: "M5 5h14v14H5z",
  spray: "M6 11h7v9H6zM8 11V8h3v3M16 7h.1M19 4h.1M19 10h.1", undo: "M8 5L4 9l4 4M4 9h10a5 5 0 0 1 0 10h-4", redo: "M16 5l4 4-4 4M20 9H10a5 5 0 0 0 0 10h4",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13", save: "M12 4v11M7 11l5 5 5-5M5 20h14", mirror: "M12 3v18M8 8l-4 8h4zM16 8l4 8h-4z",
});

const remember = (state) => {
  state.undo.push(all(penOf(state)));
  state.undo.splice(0, state.undo.length - MOST_UNDO);
  state.redo = [];
};

// A page that is hidden may never come back: what waits for its moment is kept at once.
const unsaved = new Map();
const store = (kit, state) => {
  clearTimeout(state.saving);
  unsaved.delete(kit);
  if (kit.state !== state) return;
  const picture = ["image/png", "image/jpeg"].map((kind) => state.canvas.toDataURL(kind, 0.7)).find((text) => text.length < MOST_KEPT);
  if (picture) kit.keep({ picture });
};
const save = (kit) => {
  const { state } = kit;
  clearTimeout(state.saving);
  const work = () => store(kit, state);
  unsaved.set(kit, work);
  state.saving = setTimeout(work, KEEP_MS);
};
const flush = () => unsaved.forEach((work) => work());
document.addEventListener("visibilitychange", () => { if (document.hidden) flush(); });
addEventListener("pagehide", flush);

const begin = (kit, at) => {
  const { state } = kit;
  const { tool } = state;
  remember(state);
  state.stroke = { start: at, before: at, last: at, at };
  const twice = (work) => { work(at.x); if (state.mirror) work(SIDE - 1 - at.x); };
  if (tool === "fill") twice((x) => flood(penOf(state), { x: Math.round(x), y: Math.round(at.y) }, ink(state.colour)));
  else if (tool === "stamp") {
    const side = SIZES[state.size] * STAMP;
    stampOf(state.stamp, (image) => { twice((x) => penOf(state).drawImage(image, x - side / 2, at.y - side / 2, side, side)); save(kit); });
  } else drawPiece(state, state.stroke);
};

const move = (kit, at) => {
  const { state } = kit;
  const { stroke, tool } = state;
  if (!stroke || tool === "fill" || tool === "stamp") return;
  state.stroke = { start: stroke.start, before: stroke.last, last: stroke.at, at };
  drawPiece(state, state.stroke);
};

const end = (kit) => {
  const { state } = kit;
  if (!state.stroke) return;
  // The curve ends half way to the last point.
  if (!dragged(state.tool)) move(kit, state.stroke.at);
  state.stroke = null;
  save(kit);
  refresh(kit);
  kit.fire("change");
};

// Swap the sheet with the last one of a list; the one that was shown goes to the other list.
const swap = (kit, from, to, told) => {
  const { state } = kit;
  const pen = penOf(state);
  if (!state[from].length) return;
  state[to].push(all(pen));
  pen.putImageData(state[from].pop(), 0, 0);
  kit.say(told);
  save(kit);
  refresh(kit);
};

const refresh = ({ section, state }) => ["undo", "redo"].forEach((name) =>
  section.querySelector(`[data-act=${name}]`).setAttribute("aria-disabled", String(!state[name].length)));

// A download where the browser lets one out; the studio's preview lets nothing out, so there it is shown large.
const give = (kit) => {
  const { state, h, word, slots } = kit;
  if (!/^(file|https?|blob):$/.test(location.protocol)) {
    openDialog("picture", h("h2", { id: "dialog-title" }, slots.title), h("img.framed", { src: state.canvas.toDataURL(), alt: slots.title }), h("p", word("drawNoSave")));
    return;
  }
  state.canvas.toBlob((blob) => {
    const href = URL.createObjectURL(blob);
    h("a", { href, download: `${slots.title.replace(/[^\p{L}\p{N} _-]/gu, "").trim() || "picture"}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
    kit.message(word("drawSaved"), "notice");
  });
};

const listen = (kit, sheet, cursor) => {
  const { state } = kit;
  const at = (event) => {
    const { left, top, width } = state.canvas.getBoundingClientRect();
    return { x: inside(((event.clientX - left) * SIDE) / width), y: inside(((event.clientY - top) * SIDE) / width) };
  };
  const put = () => { cursor.style.left = `${(100 * state.at.x) / SIDE}%`; cursor.style.top = `${(100 * state.at.y) / SIDE}%`; };
  let finger = null;
  const start = (event) => {
    if (finger !== null || event.button > 0) return;
    finger = event.pointerId;
    cursor.hidden = true;
    if (event.isTrusted) sheet.setPointerCapture(finger);
    begin(kit, at(event));
  };
  const go = (event) => {
    if (event.pointerId !== finger) return;
    const each = event.getCoalescedEvents?.() || [];
    (each.length ? each : [event]).forEach((one) => move(kit, at(one)));
  };
  const lift = (event) => { if (event.pointerId === finger) { finger = null; end(kit); } };
  const press = (event) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step && event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    cursor.hidden = false;
    if (step) {
      const far = event.shiftKey ? FINE_STEP : KEY_STEP;
      state.at = { x: inside(state.at.x + step[0] * far), y: inside(state.at.y + step[1] * far) };
      move(kit, state.at);
    } else if (state.stroke) { end(kit); kit.say(kit.word("drawUp")); }
    else {
      begin(kit, state.at);
      if (state.tool === "fill" || state.tool === "stamp") end(kit);
      else kit.say(kit.word("drawDown"));
    }
    cursor.classList.toggle("down", Boolean(state.stroke));
    put();
  };
  put();
  dress(sheet, { pointerdown: start, pointermove: go, pointerup: lift, pointercancel: lift, keydown: press, blur: () => { cursor.hidden = true; end(kit); } });
};

const choose = (kit, act, changes, label, ...inside) => {
  const { state } = kit;
  const on = Object.entries(changes).every(([name, value]) => state[name] === value);
  return kit.button(act, ".swatch", { "aria-label": label, title: label, "aria-pressed": String(on), click: () => {
    end(kit);
    Object.assign(state, changes);
    kit.sound("tap");
    kit.say(label);
    kit.paint();
  } }, ...inside);
};

const bring = (kit, pen) => {
  const kept = kit.kept()?.picture;
  if (typeof kept === "string" && kept.startsWith("data:image/")) dress(new Image(), { load: ({ target }) => pen.drawImage(target, 0, 0, SIDE, SIDE), src: kept });
};

const valid = ({ tools, stamps }, { tool, stamp }) => ({ tool: tools.includes(tool) ? tool : tools[0], stamp: stamps.includes(stamp) ? stamp : stamps[0] || "star" });

sprout.block("drawing", {
  wide: true,
  events: ["change"],
  icon: "paint",
  fresh(kit, again) {
    const canvas = kit.h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    const pen = penOf({ canvas });
    wipe(pen);
    if (again) kit.forget();
    else bring(kit, pen);
    return { canvas, ...valid(kit.slots, {}), colour: "ink", size: 1, mirror: kit.slots.mirror, undo: [], redo: [], stroke: null, at: { x: SIDE / 2, y: SIDE / 2 } };
  },
  elsewhere(kit) {
    if (unsaved.has(kit)) return;
    remember(kit.state);
    wipe(penOf(kit.state));
    bring(kit, penOf(kit.state));
    refresh(kit);
  },
  adapt: (state, before, after) => Object.assign(state, valid(after, state), before.mirror !== after.mirror && { mirror: after.mirror }),
  precious: (kit) => kit.state.undo.length > 0 || Boolean(kit.kept()),
  mount(box, kit) {
    const { state, slots, h, word, glyph, icon, button } = kit;
    const cursor = h("i.cursor", { hidden: true });
    const sheet = h("div.sheetpaper", { tabindex: "0", role: "application", "data-act": "sheet",
      "aria-label": `${word("drawSheet")} ${word(TOOLS[state.tool])}, ${word(COLOURS[state.colour])}` }, state.canvas, state.mirror && h("i.axis"), cursor);
    const sized = word("drawSize", { n: state.size + 1, total: SIZES.length });
    const act = (name, label, work, picture = name, more = {}) => button(name, ".swatch", { "aria-label": label, title: label, click: work, ...more }, glyph(picture));
    const size = act("size", sized, () => { end(kit); state.size = (state.size + 1) % SIZES.length; kit.paint(); }, "pen");
    size.replaceChildren(h("i.dot-size", { "--d": `${0.4 + state.size * 0.45}rem` }));
    const clear = () => { end(kit); remember(state); wipe(penOf(state)); kit.say(word("drawCleared")); save(kit); refresh(kit); };
    box.classList.add("split", "draw");
    box.append(h("div.easel", sheet), h("div.side",
      slots.prompt && h(`p.idea${slots.prompt.length > LONG_IDEA ? ".long" : ""}`, glyph("bulb"), h("span", { dir: "auto" }, slots.prompt)),
      h("div.tray", { role: "group", "aria-label": word("drawTools") }, slots.tools.map((tool) =>
        choose(kit, "tool", { tool }, word(TOOLS[tool]), tool === "stamp" ? icon(state.stamp) || glyph("plus") : glyph(tool)))),
      state.tool === "stamp" && slots.stamps.length > 1 && h("div.tray", { role: "group", "aria-label": word("drawStamp") }, slots.stamps.map((stamp) => choose(kit, "stamp", { stamp }, word(`icon_${stamp}`), icon(stamp)))),
      h("div.tray", { role: "group", "aria-label": word("drawColours") }, Object.entries(COLOURS).map(([colour, label]) =>
        choose(kit, "colour", { colour }, word(label), h("i.paint", { "--c": `var(--${colour})` })))),
      h("div.tray", size, act("mirror", word("drawMirror"), () => { end(kit); state.mirror = !state.mirror; kit.sound("tap"); kit.paint(); }, "mirror", { "aria-pressed": String(state.mirror) }),
        act("undo", word("drawUndo"), () => swap(kit, "undo", "redo", word("drawUndo"))), act("redo", word("drawRedo"), () => swap(kit, "redo", "undo", word("drawRedo"))),
        act("clear", word("drawClear"), clear, "bin"), act("save", word("drawSave"), () => give(kit)))));
    listen(kit, sheet, cursor);
    kit.after(0, () => refresh(kit));
  },
  look(kit, list, item) {
    if (list === "stamps") { kit.state.tool = "stamp"; kit.paint(); }
    return kit.section.querySelectorAll(list === "tools" ? "[data-act=tool]" : "[data-act=stamp]")[item];
  },
  sheet: ({ h, slots, state }) => h("div", slots.prompt && h("p", slots.prompt), h("img.framed", { src: state.canvas.toDataURL(), alt: "" })),
});
