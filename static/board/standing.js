// Rule: how a candidate stands follows from the phase the server told and, while working, from whether
// the instant it named for lost contact has come. Instants are compared, no length of time is known here.

export const STANDINGS = ['lost', 'grace', 'ready', 'running', 'waiting', 'submitted', 'closed', 'absent'];

/** The counters; who is in the grace period still counts as working, and who has incidents is counted twice. */
export const TILES = ['waiting', 'ready', 'running', 'lost', 'submitted', 'closed', 'absent', 'incident'];

const OVER = new Set(['submitted', 'closed', 'absent']);
const RANK = new Map(STANDINGS.map((word, place) => [word, place]));

const tileOf = (standing) => (standing === 'grace' ? 'running' : standing);

/** True when the counter `tile` counts that row. */
export const counts = (tile, row, now) => (tile === 'incident' ? row.incidents > 0 : tileOf(standing(row, now)) === tile);

/** One of STANDINGS for a row at the server's `now` (milliseconds). */
export function standing(row, now) {
  const working = row.phase === 'running' || row.phase === 'grace';
  if (working && row.contact_lost_at !== null && now >= row.contact_lost_at) return 'lost';
  return row.phase;
}

/** Where a row belongs when what needs attention comes first: lost contact, then incidents of who is not done. */
export function urgency(row, now) {
  const stands = standing(row, now);
  const worry = stands !== 'lost' && !(row.incidents > 0 && !OVER.has(stands));
  return RANK.get(stands) + (worry ? STANDINGS.length : 0);
}

/** How many rows stand at each tile, of one sitting or of all (''). */
export function tally(rows, sitting, now) {
  const sums = Object.fromEntries(TILES.map((tile) => [tile, 0]));
  for (const row of rows) {
    if (sitting && row.sitting !== sitting) continue;
    sums[tileOf(standing(row, now))] += 1;
    if (row.incidents > 0) sums.incident += 1;
  }
  return sums;
}
