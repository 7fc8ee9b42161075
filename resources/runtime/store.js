// What lasts between plays, under the project's id and the block's id. A browser may refuse to keep
// anything: then memory holds it, and the player is told once.
const memory = new Map();     // only what a browser did not take: else another tab's news would be overlooked
let project = { id: "" };
let refused = false;
let warned = false;

// The studio's own window keeps things only until it closes, and says so before the page's first line.
const inStudio = () => globalThis.sproutHost === "studio";
const shelf = (name) => `sprout:${project.id}:${name}`;

const stored = (name) => {
  try {
    return localStorage.getItem(shelf(name));
  } catch {
    refused = true;
    return null;
  }
};

const kept = (name) => {
  try {
    return JSON.parse(memory.get(shelf(name)) ?? stored(name) ?? "null");
  } catch {
    return null;   // somebody else's bytes under our name
  }
};

const keep = (name, value) => {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(shelf(name), text);
    memory.delete(shelf(name));
    refused = false;
  } catch {
    memory.set(shelf(name), text);
    refused = true;
    if (!warned) message(word("notKept"), "notice");
    warned = true;
  }
};

const forget = (name) => {
  memory.delete(shelf(name));
  try {
    localStorage.removeItem(shelf(name));
  } catch {
    refused = true;
  }
};
