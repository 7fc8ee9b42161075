// The one narrow door to a model outside the page. Whoever shows the page may open it: it marks <html data-door="1">
// before the first line runs and answers messages; no page can open it for itself. Out go at most 4,000 characters,
//   {t: "ask", n, s}   a question with a number      {t: "stop", n}   enough of that one
// and in come pieces of text, the last one marked:
//   {t: "answer", n, s, done}                        {t: "answer", n, failed: true}
const MOST_ASKED = 4000;
const MOST_ANSWERED = 8000;
let asked = 0;

const doorOpen = () => root.dataset.door === "1";

// Ask; hear(text so far, "more" | "done" | "failed") is called for each piece. Returns how to stop, or null where no door is.
const ask = (text, hear) => {
  if (!doorOpen()) return null;
  asked += 1;
  const n = asked;
  let answer = "";
  const end = () => removeEventListener("message", listen);
  const listen = ({ source, data }) => {
    if (source !== window || !data || data.t !== "answer" || data.n !== n) return;
    answer = (answer + (typeof data.s === "string" ? data.s : "")).slice(0, MOST_ANSWERED);
    const state = data.failed ? "failed" : data.done || answer.length >= MOST_ANSWERED ? "done" : "more";
    if (state !== "more") end();
    hear(answer, state);
  };
  addEventListener("message", listen);
  window.postMessage({ t: "ask", n, s: String(text).slice(0, MOST_ASKED) }, "*");
  return () => { end(); window.postMessage({ t: "stop", n }, "*"); };
};
askModel = ask;
