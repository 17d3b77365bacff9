// Rule: the counters count every candidate of the chosen sitting and are at the same time the filter by
// standing: pressing one shows these rows alone, pressing it again shows all.

import { TILES } from './standing.js';

export class Tiles {
  /** `onPress(tile)` hears the tile that is pressed; `states(tile)` gives word and icon. */
  constructor(group, template, states, onPress) {
    this.made = new Map(TILES.map((tile) => {
      const button = template.content.firstElementChild.cloneNode(true);
      button.append(states(tile));
      button.classList.toggle('is-bad', button.querySelector('.state-bad') !== null);
      button.addEventListener('click', () => onPress(tile));
      group.append(button);
      return [tile, { button, number: button.querySelector('.tile-n') }];
    }));
  }

  show(counts, pressed) {
    for (const [tile, { button, number }] of this.made) {
      const told = String(counts[tile]);
      if (number.textContent !== told) number.textContent = told;
      button.setAttribute('aria-pressed', String(tile === pressed));
      button.classList.toggle('is-zero', counts[tile] === 0);
    }
  }
}
