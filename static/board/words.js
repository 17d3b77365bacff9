// Rule: a fact shows its age and a limit shows what is left, in the words that the page brought along.
// Fine near the instant and coarse far from it, so that a number changes only when it says something new.

import { fill } from '../common/words.js';

const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
const FINE_BELOW = 5 * MINUTE;

const whole = (span, unit) => Math.floor(span / unit);

/** How long ago `instant` was; '' when there is none. */
export function ago(words, instant, now) {
  if (instant === null) return '';
  const span = Math.max(0, now - instant);
  if (span < 2 * SECOND) return words.ago_now;
  if (span < MINUTE) return fill(words.ago_s, { n: whole(span, SECOND) });
  if (span < HOUR) return fill(words.ago_m, { n: whole(span, MINUTE) });
  if (span < DAY) return fill(words.ago_h, { n: whole(span, HOUR) });
  return fill(words.ago_d, { n: whole(span, DAY) });
}

/** A span of time that is still to come, never more than there is. */
export function span(words, length) {
  if (length < MINUTE) return fill(words.left_s, { n: whole(length, SECOND) });
  if (length < FINE_BELOW) {
    return fill(words.left_ms, { m: whole(length, MINUTE), s: whole(length % MINUTE, SECOND) });
  }
  if (length < HOUR) return fill(words.left_m, { n: whole(length, MINUTE) });
  if (length < DAY) return fill(words.left_hm, { h: whole(length, HOUR), m: whole(length % HOUR, MINUTE) });
  return fill(words.left_d, { n: whole(length, DAY) });
}

/** What the column of remaining time says of a row. */
export function left(words, row, now) {
  if (row.phase === 'running' || row.phase === 'grace') {
    return now < row.deadline_at ? span(words, row.deadline_at - now) : words.over;
  }
  if (row.until === null || now >= row.until) return '';
  const pattern = row.phase === 'waiting' ? words.opens_in : words.enter_in;
  return fill(pattern, { t: span(words, row.until - now) });
}

/** The minutes allowed and every minute given since, as a sum: "60 + 18 menit". */
export function ledger(words, row) {
  const extra = Math.round(row.extra_seconds / 6) / 10;
  if (row.deadline_at === null || row.started_at === null) return extra ? fill(words.extra, { n: extra }) : '';
  const allowed = Math.round((row.deadline_at - row.started_at) / 1000 - row.extra_seconds);
  return fill(extra ? words.ledger_sum : words.ledger, { n: Math.round(allowed / 6) / 10, more: extra });
}
