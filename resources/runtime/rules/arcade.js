// The rules of six games on one small engine. Lengths are tiles (a picture is one tile wide), speeds tiles a second.
// They know nothing of the page: a game, its slots, the player's wish and chance go in, what was touched comes out.

// Seconds between two things, their speed, share of bad ones; words for good things, bad things, goal and keys.
const GAMES = {
  catch: [0.8, 2.6, 0.35, "arcCatch", "arcAvoid", "arcGoalCatch", "arcKeysCatch"],
  dodge: [0.5, 2.8, 0.65, "arcCollect", "arcAvoid", "arcGoalCollect", "arcKeysDodge"],
  pop: [0.8, 1.7, 0.3, "arcPop", "arcLeave", "arcGoalPop", "arcKeysPop"],
  whack: [0.7, 0, 0.3, "arcTap", "arcLeave", "arcGoalTap", "arcKeysWhack"],
  jump: [1.05, 3.6, 0.55, "arcCollect", "arcAvoid", "arcGoalCollect", "arcKeysJump"],
  shoot: [0.9, 1.5, 0.3, "arcHit", "arcAvoid", "arcGoalHit", "arcKeysShoot"],
};
const PACE = { slow: 0.7, normal: 1, fast: 1.35 };
const CALM = 0.6;
// It gets faster: double after so many seconds, but never more than the most.
const DOUBLE_S = 300;
const FASTEST = 1.4;
// How near counts; bad things must come nearer.
const REACH = 0.85;
const BAD_REACH = 0.58;
const RUN = 7;
const NUDGE = 0.4;
// The ground of a runner, from the top.
const FLOOR = 0.78;
const LEAP = 9.5;
const FALL = 22;
const SHOT = 10;
const SHOT_WAIT = 0.3;
// How long a thing stays in its hole, and how long nothing bad counts after a life is lost.
const STAY_S = 1.7;
const MERCY_S = 1;
const MOST = 24;
const HOLES = [...Array(9).keys()];

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));
const tapped = (game) => game === "pop" || game === "whack";
const holeAt = ({ w, h }, i) => ({ x: (w * ((i % 3) + 0.5)) / 3, y: (h * (Math.floor(i / 3) + 0.5)) / 3 });
const near = (one, other, reach) => Math.abs(one.x - other.x) < reach && Math.abs(one.y - other.y) < reach;

const spawn = (g, slots, random) => {
  const { w, h } = g.room;
  const { game } = slots;
  const [, speed, share] = GAMES[game];
  const kind = g.count && slots.bad.length && random() < share ? "bad" : "good";
  const thing = { kind, icon: Math.floor(random() * slots[kind].length), age: 0, x: 0.6 + random() * (w - 1.2), y: -0.6, dx: 0, dy: speed * (0.8 + random() * 0.4) };
  if (game === "dodge") thing.dx = random() - 0.5;
  if (game === "pop") Object.assign(thing, { y: h + 0.7, dy: -thing.dy });
  if (game === "jump") Object.assign(thing, { x: w + 0.6, y: h * FLOOR - (kind === "good" && random() < 0.6 ? 1.6 : 0), dx: -speed, dy: 0 });
  if (game === "whack") {
    const free = HOLES.map((i) => holeAt(g.room, i)).filter((hole) => !g.things.some((one) => near(one, hole, 0.5)));
    Object.assign(thing, free[Math.floor(random() * free.length)]);
  }
  g.things.push(thing);
  g.count += 1;
};

const moveSelf = (g, game, wish, seconds, s) => {
  const { w, h } = g.room;
  if (game === "jump") {
    if (wish.act && g.leaps < 2) Object.assign(g, { rise: LEAP, leaps: g.leaps + 1 });
    g.rise -= FALL * s;
    g.y = Math.max(0.5, g.y - g.rise * s);
    if (g.y >= h * FLOOR) Object.assign(g, { y: h * FLOOR, rise: 0, leaps: 0 });
    return;
  }
  const run = game === "whack" ? 0 : RUN * seconds;
  Object.assign(g, wish.to);
  g.x = clamp(g.x + wish.x * run, 0.5, w - 0.5);
  g.y = game === "catch" || game === "shoot" ? h - 0.8 : clamp(g.y + wish.y * run, 0.5, h - 0.5);
  g.loaded -= s;
  if (game !== "shoot" || g.loaded > 0 || !(wish.act || wish.fire)) return;
  g.things.push({ kind: "shot", x: g.x, y: g.y - 0.6, dx: 0, dy: -SHOT });
  g.loaded = SHOT_WAIT;
};

// Whether the player touched a thing: by a tap, by a shot, or by being there. A shot does bad things no harm.
const touched = (g, game, wish, thing) => {
  const bad = thing.kind === "bad";
  if (thing.kind === "shot" || (bad && g.mercy > 0)) return false;
  if (tapped(game)) return wish.act && near(g, thing, REACH);
  const shot = g.things.find((one) => one.kind === "shot" && near(one, thing, BAD_REACH));
  if (shot) shot.y = -SHOT;
  return (shot && !bad) || ((bad || game !== "shoot") && near(g, thing, bad ? BAD_REACH : REACH));
};

// One moment of the game; returns the things that were touched.
const step = (g, slots, wish, seconds, random) => {
  const { game } = slots;
  const { w, h } = g.room;
  const s = seconds * PACE[slots.speed] * (g.calm ? CALM : 1) * Math.min(FASTEST, 1 + g.time / DOUBLE_S);
  g.time += seconds;
  g.mercy -= seconds;
  g.wait -= s;
  if (g.wait <= 0) {
    if (g.things.length < (game === "whack" ? 6 : MOST)) spawn(g, slots, random);
    g.wait = GAMES[game][0] * (0.75 + random() / 2);
  }
  moveSelf(g, game, wish, seconds, s);
  const hits = g.things.filter((thing) => {
    thing.age += s;
    thing.x += thing.dx * s;
    thing.y += thing.dy * s;
    if (!touched(g, game, wish, thing)) return false;
    // One tap, one thing.
    if (tapped(game)) wish.act = false;
    if (thing.kind === "bad") Object.assign(g, { lives: g.lives - 1, mercy: MERCY_S, streak: 0 });
    else Object.assign(g, { score: g.score + 1, streak: g.streak + 1 });
    return true;
  });
  const stays = (thing) => (game === "whack" ? thing.age < STAY_S : near(thing, { x: w / 2, y: h / 2 }, Math.max(w, h) / 2 + 1));
  g.things = g.things.filter((thing) => !hits.includes(thing) && stays(thing));
  wish.act = false;
  return hits;
};

// "win", "lose", "end" (there was nothing to win) or "" while it goes on. A calm game has no clock.
const result = ({ score, lives, time, calm }, { win, bad, seconds, game }) => {
  if (win && score >= win) return "win";
  if (bad.length && lives <= 0) return "lose";
  if (!seconds || calm || time < seconds) return "";
  return win ? "lose" : game === "dodge" ? "win" : "end";
};
