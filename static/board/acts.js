// Rule: an act says beforehand whom it touches and whom not and why; only a second press, on a button that names the
// act and how many people, does it. What was typed is kept until it is done.

import { fill } from '../common/words.js';

const PATIENCE = 15000;
const at = (id) => document.getElementById(id);

export class Acts {
  /** `address` takes the acts; `chosen()` gives the ids an act is meant for; `onDone()` hears that one was done. */
  constructor(words, address, chosen, onDone) {
    Object.assign(this, { words, address, chosen, onDone, act: null, ids: [], confirm: null, busy: false });
    this.dialog = at('act');
    this.form = this.dialog.querySelector('form');
    for (const button of document.querySelectorAll('[data-act]')) {
      button.addEventListener('click', () => this.begin(button.dataset.act));
    }
    this.form.addEventListener('input', () => this.forget());
    this.form.addEventListener('submit', (event) => { event.preventDefault(); this.press(); });
    at('act-close').addEventListener('click', () => this.dialog.close());
  }

  begin(act) {
    if (act !== this.act) this.form.reset();
    this.act = act;
    this.ids = this.chosen();
    at('act-title').textContent = fill(this.words[`act_${act}`], { n: this.ids.length });
    for (const field of this.form.querySelectorAll('[data-for]')) {
      const wanted = field.dataset.for.split(' ').includes(act);
      field.hidden = field.disabled = !wanted;
    }
    for (const label of this.form.querySelectorAll('[data-label]')) label.hidden = label.dataset.label !== act;
    this.forget();
    this.dialog.showModal();
    this.form.querySelector('fieldset:not([hidden]) :is(input, select, textarea)').focus();
  }

  /** Something was changed: what was said before does not hold any more. */
  forget() {
    this.confirm = null;
    this.say('');
    at('effect').replaceChildren();
    at('act-go').textContent = this.words.look;
    at('act-go').classList.remove('is-sure');
    at('act-go').hidden = false;
  }

  say(sentence) {
    at('act-problem').hidden = !sentence;
    at('act-problem').textContent = sentence;
  }

  get wish() {
    const typed = new FormData(this.form);
    return {
      act: this.act, attempts: this.ids, text: (typed.get('text') || '').trim(), minutes: (typed.get('minutes') || '').trim(),
      reason_code: typed.get('reason_code') || '', kind: typed.get('kind') || '',
      ...(this.confirm ? { confirm: this.confirm } : {}),
    };
  }

  async press() {
    if (this.busy) return;
    this.busy = true;
    at('act-go').setAttribute('aria-disabled', 'true');
    const sure = this.confirm !== null;
    try {
      const told = await this.send(this.wish);
      if (!told.ok) this.refuse(told.sentence, told.page);
      else if (sure) this.finish(told);
      else this.warn(told);
    } catch {
      this.unheard(sure);
    } finally {
      this.busy = false;
      at('act-go').removeAttribute('aria-disabled');
    }
  }

  async send(wish) {
    const answer = await fetch(this.address, {
      method: 'POST', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE), body: JSON.stringify(wish),
      headers: { Accept: 'application/json', 'Content-Type': 'application/json',
        'X-CSRF': document.querySelector('meta[name=csrf]').content },
    });
    return answer.json();
  }

  /** Refused: nothing was done, and everything typed is still there. */
  refuse(sentence, page) {
    this.forget();
    this.say(sentence);
    if (page) at('act-problem').append(' ', this.way(page));
    at('act-problem').focus();
  }

  /** Perhaps it was done: the same confirmation is sent again, and the server does nothing twice. */
  unheard(sure) {
    if (!sure) this.forget();
    this.say(this.words.act_unheard);
    at('act-problem').focus();
  }

  /** Where it can be done instead. */
  way(page) {
    const link = document.createElement('a');
    link.href = page;
    link.textContent = this.words.act_page;
    return link;
  }

  /** Whom it would touch, and whom not and why. */
  warn(told) {
    this.confirm = told.confirm;
    at('effect').replaceChildren(this.touched(told), ...this.left(told.skipped));
    const minutes = this.wish.minutes;
    at('act-go').textContent = fill(this.words[`do_${this.act}`], { n: told.touches, minutes });
    at('act-go').classList.add('is-sure');
    at('act-go').hidden = told.touches === 0;
    at('effect').focus();
  }

  touched({ touches, names }) {
    const line = document.createElement('p');
    const more = touches > names.length ? fill(this.words.and_more, { n: touches - names.length }) : '';
    line.textContent = touches ? fill(this.words.touches, { n: touches, names: names.join(', ') + more }) : this.words.touches_none;
    return line;
  }

  left(skipped) {
    if (!skipped.length) return [];
    const head = document.createElement('p'), list = document.createElement('ul');
    head.textContent = fill(this.words.skips, { n: skipped.length });
    list.append(...skipped.map(({ name, sentence }) => {
      const item = document.createElement('li');
      item.textContent = `${name}: ${sentence}`;
      return item;
    }));
    return [head, list];
  }

  finish({ done, skipped = [] }) {
    const rest = skipped.length ? ` ${fill(this.words.done_skipped, { n: skipped.length })}` : '';
    at('told').textContent = fill(this.words[`done_${this.act}`], { n: done }) + rest;
    this.form.reset();
    this.forget();
    this.dialog.close();
    this.onDone();
  }
}
