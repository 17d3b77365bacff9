// Thousands of exams told badly to what the board's page really uses: frames of two workers, shuffled, repeated, lost.
import { merge, named } from '/static/board/rows.js';
import { Truth } from '/static/board/truth.js';

const COLUMNS = ['id', 'rev', 'phase', 'answered'];

/** A generator that tells the same from the same seed. */
const dice = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

/** One exam: the snapshot early in it, the frames since, and the snapshot at its end. */
function exam(roll) {
  const rows = new Map(), frames = [], sent = { a: 3, b: 8 };
  const whole = () => [...rows.values()].map((row) => [...row]);
  for (let n = 0; n < 6; n += 1) rows.set(`c${n}`, [`c${n}`, 1, 'waiting', 0]);
  const early = { columns: COLUMNS, now: 100, rows: whole(), frames: { ...sent } };
  for (let now = 101; now < 125; now += 1) {
    const told = [];
    for (let n = Math.floor(roll() * 4); n > 0; n -= 1) told.push(change(rows, roll));
    const worker = roll() < 0.5 ? 'a' : 'b';
    frames.push({ worker, n: (sent[worker] += 1), now, rows: [...new Set(told)].map((id) => [...rows.get(id)]) });
  }
  return { early, frames, late: { columns: COLUMNS, now: 125, rows: whole(), frames: { ...sent } } };
}

/** A row is new, saves, or turns by time alone, which raises no revision. */
function change(rows, roll) {
  const id = `c${Math.floor(roll() * 8)}`, row = rows.get(id) || [id, 0, 'waiting', 0];
  const byTime = rows.has(id) && roll() < 0.25;
  rows.set(id, byTime ? [id, row[1], `${row[2]}+`, row[3]] : [id, row[1] + 1, row[2], row[3] + 1]);
  return id;
}

/** The same frames out of order, some of them twice; those for which `lost(frame)` never. */
function badly(frames, roll, lost) {
  const told = frames.filter((frame) => !lost(frame)).flatMap((frame) => (roll() < 0.3 ? [frame, frame] : [frame]));
  for (let n = told.length - 1; n > 0; n -= 1) {
    const other = Math.floor(roll() * (n + 1));
    [told[n], told[other]] = [told[other], told[n]];
  }
  return told;
}

const shown = (map) => JSON.stringify([...map.values()].map((row) => COLUMNS.map((name) => row[name])).sort());
const meant = (told) => JSON.stringify(told.rows.map((row) => [...row]).sort());

function board(told) {
  const truth = new Truth();
  truth.join(told.frames);
  truth.take(told, { whole: true });
  return truth;
}

/** Nothing is lost: the frames alone lead to the end. `upset` takes rows as they come, without revisions. */
function shuffled(seed) {
  const roll = dice(seed), { early, frames, late } = exam(roll), truth = board(early), upset = new Map();
  merge(upset, named(COLUMNS, early.rows), 0);
  for (const frame of badly(frames, roll, () => false)) {
    truth.hear(frame);
    for (const row of named(COLUMNS, frame.rows)) upset.set(row.id, row);
  }
  return { right: shown(truth.rows) === meant(late), upset: shown(upset) === meant(late) };
}

/** Some are lost: either nothing is missing, or the board knows it; then a snapshot makes it right. */
function lossy(seed) {
  const roll = dice(seed), { early, frames, late } = exam(roll), truth = board(early);
  const told = badly(frames, roll, () => roll() < 0.2);
  for (const frame of told) truth.hear(frame);
  truth.promise(late.frames);
  truth.promise(late.frames);
  const was = shown(truth.rows) === meant(late), knew = !truth.whole;
  truth.take(late, { whole: true });
  return { missing: !was, knew, right: shown(truth.rows) === meant(late) };
}

/** Frames that come before the first snapshot, and a snapshot that is older than what is shown. */
function beforehand(seed) {
  const roll = dice(seed), { early, frames, late } = exam(roll), truth = new Truth();
  truth.join(early.frames);
  const told = badly(frames, roll, () => false), cut = Math.floor(roll() * told.length);
  for (const frame of told.slice(0, cut)) truth.hear(frame);
  truth.take(early, { whole: true });
  for (const frame of told.slice(cut)) truth.hear(frame);
  truth.take(early, { whole: true });
  return { right: shown(truth.rows) === meant(late) };
}

const each = (runs, law) => Array.from({ length: runs }, (_, seed) => law(seed + 1));
window.laws = { shuffled: (runs) => each(runs, shuffled), lossy: (runs) => each(runs, lossy), beforehand: (runs) => each(runs, beforehand) };
