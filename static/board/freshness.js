// Rule: the board says how old its own data are, always; when that is too old it turns grey and says what
// that means, and when signing in would help it offers exactly that.

import { fill } from '../common/words.js';
import { ago } from './words.js';

const at = (id) => document.getElementById(id);
const RECENT = 60000;

export class Freshness {
  constructor(words, signInAt) {
    Object.assign(this, { words, signInAt });
  }

  /** Called about once a second with the feed and the rows known. */
  show(feed, rows, now) {
    const { mode } = feed;
    at('board').toggleAttribute('data-stale', feed.stale);
    at('fresh').dataset.mode = mode;
    write(at('fresh-word'), this.words[mode]);
    const age = feed.asOf === null ? '' : fill(this.words.data_age, { t: ago(this.words, feed.asOf, now) });
    write(at('fresh-age'), age);
    const pulse = at('pulse');
    const saving = rows.filter((row) => row.saved_at !== null && now - row.saved_at < RECENT).length;
    if (pulse) write(pulse, feed.asOf === null ? '' : fill(this.words.pulse, { n: saving }));
    this.alarm(alarmOf(feed, mode));
  }

  alarm(name) {
    const box = at('alarm');
    if ((box.dataset.name || '') === name) return;
    box.dataset.name = name;
    box.hidden = !name;
    box.textContent = name ? this.words[name] : '';
    if (name === 'alarm_signed_out') box.append(' ', this.signIn());
  }

  signIn() {
    const link = document.createElement('a');
    link.href = this.signInAt;
    link.className = 'btn';
    link.textContent = this.words.sign_in;
    return link;
  }
}

function alarmOf({ refusal, queue, socket }, mode) {
  if (refusal === 401) return 'alarm_signed_out';
  if (refusal !== null) return 'alarm_refused';
  if (mode !== 'stale') return '';
  return socket.connected && !queue ? 'alarm_queue' : 'alarm_stale';
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
