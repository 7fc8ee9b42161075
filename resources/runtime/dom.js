// Elements made from names and text. Data becomes text nodes and attributes, never markup.
const SVG_NAME = "http://www.w3.org/2000/svg";
const GLYPHS = {
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  sound: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9c1.5 1.7 1.5 4.3 0 6M18.5 6.5c3 3 3 8 0 11",
  mute: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5",
  next: "M5 12h14M13 6l6 6-6 6", back: "M19 12H5M11 6l-6 6 6 6",
  tick: "M5 12.5l4.5 4.5L19 7", no: "M6 6l12 12M18 6L6 18",
  again: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4h-4",
  play: "M7 4.5l12 7.5-12 7.5z", pause: "M9 5.5v13M15 5.5v13", stop: "M6.5 6.5h11v11h-11z",
  bulb: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.5 10.9c.6.5 1 1.3 1 2.1h5c0-.8.4-1.6 1-2.1A6 6 0 0 0 12 3z",
  plus: "M12 5v14M5 12h14", minus: "M5 12h14",
  turn: "M4 9a8 8 0 0 1 14-2l2 2M20 4v5h-5M20 15a8 8 0 0 1-14 2l-2-2M4 20v-5h5",
  skip: "M6 5l9 7-9 7zM18 5v14", text: "M3 19L8.5 5h1L15 19M5 14.5h8M17 19v-8M14 12.5h6",
  print: "M7 8V3.5h10V8M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z",
  info: "M12 11v6M12 7v.5M12 2.5a9.5 9.5 0 1 1 0 19 9.5 9.5 0 0 1 0-19z",
};
const drawings = new Map();   // markup -> parsed node, cloned for every use
let icons = {};               // name -> markup inside a 24 x 24 frame, as the page brought it

// h("div.row.full", {"data-act": "next", click: go}, "text", otherNode): empty parts leave nothing behind.
const h = (tag, ...parts) => {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  fill(node, parts);
  return node;
};

const fill = (node, parts) => {
  for (const part of parts) {
    if (part === null || part === undefined || part === false || part === "") continue;
    if (Array.isArray(part)) fill(node, part);
    else if (part instanceof Node || typeof part !== "object") node.append(part);
    else dress(node, part);
  }
};

const dress = (node, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
};

// Our own drawings only (icons.json, scenery.json, shapes written in a block), never text of a user.
const drawing = (markup) => {
  if (!drawings.has(markup)) {
    const page = new DOMParser().parseFromString(markup, "image/svg+xml");
    drawings.set(markup, document.importNode(page.documentElement, true));
  }
  return drawings.get(markup).cloneNode(true);
};

const shape = (name, attributes, ...parts) => {
  const node = document.createElementNS(SVG_NAME, name);
  fill(node, [attributes, parts]);
  return node;
};

const glyph = (name) => drawing(
  `<svg xmlns="${SVG_NAME}" class="gl gl-${name}" viewBox="0 0 24 24" aria-hidden="true"><path d="${GLYPHS[name]}"/></svg>`);

const hasIcon = (name) => typeof name === "string" && Object.hasOwn(icons, name);

// A sticker: a white rim drawn first, then the picture. A missing icon is null and leaves no hole.
const icon = (name, classes = "") => {
  if (!hasIcon(name)) return null;
  const node = drawing(`<svg xmlns="${SVG_NAME}" class="ic" viewBox="0 0 24 24" aria-hidden="true">` +
    `<g class="rim">${icons[name]}</g>${icons[name]}</svg>`);
  if (classes) node.classList.add(...classes.split(" "));
  return node;
};

const button = (act, classes, ...parts) => h(`button${classes}`, { type: "button", "data-act": act }, ...parts);

// Numbers from a word, always the same for the same word (mulberry32 over an FNV hash).
const dice = (word) => {
  let a = 2166136261;
  for (const letter of String(word)) a = Math.imul(a ^ letter.codePointAt(0), 16777619);
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const chance = () => crypto.getRandomValues(new Uint32Array(1))[0] / 4294967296;

const shuffled = (list, random) => {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j], copy[i]];
  }
  return copy;
};

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
