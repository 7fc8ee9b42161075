// What the tools of a drawing leave on its sheet. The bitmap has one size everywhere and is only shown larger or smaller, so
// nothing is lost when the room changes; it lives in the state and outlasts every repaint. All lengths are its own dots.
const SIDE = 1024;
const SIZES = [6, 14, 30];
// How much wider than the pen.
const WIDER = { brush: 2.4, eraser: 3 };
const STAMP = 8;
const SPRAY = 2.5;
// How unlike two dots may be (of 255, each colour) and still be filled as one.
const ALIKE = 60;

const PAPER = "#fff";
const ink = (name) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
const penOf = ({ canvas }) => canvas.getContext("2d", { willReadFrequently: true });
const all = (pen) => pen.getImageData(0, 0, SIDE, SIDE);
const inside = (value) => Math.max(0, Math.min(SIDE - 1, value));
const wipe = (pen) => { pen.fillStyle = PAPER; pen.fillRect(0, 0, SIDE, SIDE); };

// Our own icon as a bitmap: colours of the theme stand in its place.
const stampOf = (name, then) => {
  const node = icon(name);
  node.querySelector(".rim").remove();
  dress(node, { width: 256, height: 256, stroke: "var(--ink)", "stroke-width": 1.4, "stroke-linejoin": "round", "stroke-linecap": "round" });
  const text = new XMLSerializer().serializeToString(node).replace(/var\(--([a-z0-9-]+)\)/g, (whole, part) => ink(part));
  const image = new Image();
  dress(image, { load: () => then(image), src: `data:image/svg+xml,${encodeURIComponent(text)}` });
};

// Fill what looks alike around a dot, row by row.
const flood = (pen, at, colour) => {
  const picture = all(pen);
  const dots = new Uint32Array(picture.data.buffer);
  const from = dots[at.y * SIDE + at.x];
  pen.fillStyle = colour;
  pen.fillRect(at.x, at.y, 1, 1);
  const [to] = new Uint32Array(pen.getImageData(at.x, at.y, 1, 1).data.buffer);
  const like = (dot) => dot !== to && [0, 8, 16].every((shift) => Math.abs(((dot >> shift) & 255) - ((from >> shift) & 255)) <= ALIKE);
  const todo = from === to ? [] : [at.y * SIDE + at.x];
  while (todo.length) {
    let dot = todo.pop();
    const row = dot - (dot % SIDE);
    while (dot > row && like(dots[dot - 1])) dot -= 1;
    for (let [up, down] = [false, false]; dot < row + SIDE && like(dots[dot]); dot += 1) {
      dots[dot] = to;
      const [above, below] = [row > 0 && like(dots[dot - SIDE]), row < SIDE * (SIDE - 1) && like(dots[dot + SIDE])];
      if (above && !up) todo.push(dot - SIDE);
      if (below && !down) todo.push(dot + SIDE);
      [up, down] = [above, below];
    }
  }
  pen.putImageData(picture, 0, 0);
};

// One piece of a stroke: from the middle of the last two points over the last one to the middle of the new two.
const MARKS = {
  curve(pen, { before, last, at }, width) {
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo((before.x + last.x) / 2, (before.y + last.y) / 2);
    pen.quadraticCurveTo(last.x, last.y, (last.x + at.x) / 2, (last.y + at.y) / 2);
    pen.stroke();
  },
  brush(pen, piece, width) {
    for (let hair = -2; hair <= 2; hair += 1) {
      const by = ({ x, y }) => ({ x: x + hair * width * 0.2, y: y + (hair % 2 ? 0.1 : -0.1) * width });
      MARKS.curve(pen, { before: by(piece.before), last: by(piece.last), at: by(piece.at) }, width * 0.24);
    }
  },
  spray(pen, { at }, width) {
    for (let i = 0; i < 16; i += 1) {
      const [angle, far] = [6.3 * chance(), SPRAY * width * Math.sqrt(chance())];
      pen.fillRect(at.x + far * Math.cos(angle), at.y + far * Math.sin(angle), 3, 3);
    }
  },
  line(pen, { start, at }) { pen.moveTo(start.x, start.y); pen.lineTo(at.x, at.y); },
  circle(pen, { start, at }) { pen.arc(start.x, start.y, Math.hypot(at.x - start.x, at.y - start.y), 0, 7); },
  square(pen, { start, at }) { pen.rect(start.x, start.y, at.x - start.x, at.y - start.y); },
};
const dragged = (tool) => tool === "line" || tool === "circle" || tool === "square";

const drawPiece = (state, piece) => {
  const { tool } = state;
  const pen = penOf(state);
  const width = SIZES[state.size] * (WIDER[tool] || 1);
  const colour = tool === "eraser" ? PAPER : ink(state.colour);
  Object.assign(pen, { strokeStyle: colour, fillStyle: colour, lineCap: "round", lineJoin: "round", lineWidth: width });
  if (dragged(tool)) { pen.putImageData(state.undo.at(-1), 0, 0); pen.beginPath(); }
  const once = (part) => (MARKS[tool] || MARKS.curve)(pen, part, width);
  once(piece);
  if (state.mirror) {
    // A path of its own: the pen must not cross the sheet to its twin.
    if (dragged(tool)) { pen.stroke(); pen.beginPath(); }
    once(Object.fromEntries(Object.entries(piece).map(([name, { x, y }]) => [name, { x: SIDE - x, y }])));
  }
  if (dragged(tool)) pen.stroke();
};
