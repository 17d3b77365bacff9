// Rule: how the exam goes over time (starts, saves a minute, papers handed in) as one picture and as words. It is
// asked for now and then; an answer that does not come leaves what is shown.

import { fill } from '../common/words.js';

const EVERY = 20000, PATIENCE = 10000;
const LINES = [['starts', '--go', []], ['saves', '--ok', [6, 4]], ['submissions', '--warn', [2, 3]]];

export class Progress {
  /** `box` holds the picture and, beside it, the words; `facts` names the address and the zone. */
  constructor(box, words, facts) {
    Object.assign(this, { box, words, facts, plot: null, told: null });
    this.place = box.querySelector('.progress-plot');
    this.line = box.querySelector('.progress-words');
    new ResizeObserver(() => this.fit()).observe(this.place);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setTimeout(() => this.draw(true)));
    this.ask();
  }

  async ask() {
    clearTimeout(this.next);
    try {
      const answer = await fetch(this.facts.progress, {
        headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) this.take(await answer.json());
    } catch {
      // The board says itself that the server is not heard.
    }
    this.next = setTimeout(() => this.ask(), EVERY);
  }

  take(told) {
    this.told = told;
    const last = told.minutes.length - 1;
    this.box.hidden = last < 1;
    this.box.parentNode.classList.toggle('is-pictured', last >= 1);
    if (last < 1) return;
    this.line.textContent = fill(this.words.progress, {
      starts: sum(told.starts), submissions: sum(told.submissions), saves: told.saves[last - 1],
    });
    this.draw();
  }

  draw(anew = false) {
    if (!this.told || this.box.hidden) return;
    const data = [this.told.minutes.map((ms) => ms / 1000), ...LINES.map(([name]) => this.told[name])];
    if (this.plot && !anew) return void this.plot.setData(data);
    if (this.plot) this.plot.destroy();
    this.plot = new window.uPlot(this.options(), data, this.place);
    this.plot.root.setAttribute('aria-hidden', 'true');
  }

  options() {
    const style = getComputedStyle(this.box);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--staff-soft'), grid: { stroke: colour('--staff-line'), width: 1 }, ticks: { show: false },
      font: `${this.facts.big ? 20 : 13}px system-ui, sans-serif` };
    const hour = new Intl.DateTimeFormat(this.facts.language, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: this.facts.zone });
    return {
      ...this.size, legend: { show: false }, cursor: { show: false }, padding: [8, this.facts.big ? 34 : 22, 0, 0],
      series: [{}, ...LINES.map(([, name, dash]) => ({ stroke: colour(name), width: this.facts.big ? 4 : 2, dash, points: { show: false } }))],
      axes: [
        { ...axis, size: this.facts.big ? 40 : 26, space: this.facts.big ? 100 : 60, values: (_, marks) => marks.map((mark) => hour.format(mark * 1000)) },
        { ...axis, size: this.facts.big ? 70 : 46 },
      ],
      scales: { y: { range: (_, low, high) => [0, Math.max(4, high * 1.1)] } },
    };
  }

  get size() {
    return { width: Math.max(200, this.place.clientWidth), height: Math.max(90, this.place.clientHeight) };
  }

  fit() {
    if (this.plot) this.plot.setSize(this.size);
  }
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);
