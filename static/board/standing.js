// Rule: how a candidate stands follows from the phase the server told and, while working, from whether
// the instant it named for lost contact has come. Instants are compared, no length of time is known here.

/** Most urgent first; this is also the order of the default sorting. */
export const STANDINGS = ['lost', 'grace', 'ready', 'running', 'waiting', 'submitted', 'closed', 'absent'];

/** The counters; who is in the grace period still counts as working. */
export const TILES = ['waiting', 'ready', 'running', 'lost', 'submitted', 'closed', 'absent'];

export const tileOf = (standing) => (standing === 'grace' ? 'running' : standing);

/** One of STANDINGS for a row at the server's `now` (milliseconds). */
export function standing(row, now) {
  const working = row.phase === 'running' || row.phase === 'grace';
  if (working && row.contact_lost_at !== null && now >= row.contact_lost_at) return 'lost';
  return row.phase;
}

/** How many rows stand at each tile, of one sitting or of all (''). */
export function tally(rows, sitting, now) {
  const counts = Object.fromEntries(TILES.map((tile) => [tile, 0]));
  for (const row of rows) {
    if (!sitting || row.sitting === sitting) counts[tileOf(standing(row, now))] += 1;
  }
  return counts;
}
