// Rule: what the proctor chose to see (words, sitting, standing, order, groups) stands in the address after the #,
// so that a reload or a second screen shows the same.

const EMPTY = { q: '', sitting: '', tile: '', sort: 'standing', group: '', down: false };
const KEPT = ['q', 'sitting', 'tile', 'sort', 'group'];

export function readView() {
  const kept = new URLSearchParams(location.hash.slice(1));
  const view = { ...EMPTY };
  for (const name of KEPT) if (kept.has(name)) view[name] = kept.get(name);
  view.down = kept.get('down') === '1';
  return view;
}

export function keepView(view) {
  const kept = new URLSearchParams();
  for (const name of KEPT) if (view[name] !== EMPTY[name]) kept.set(name, view[name]);
  if (view.down) kept.set('down', '1');
  history.replaceState(null, '', `${location.pathname}${kept.size ? `#${kept}` : ''}`);
}

export const isFiltered = (view) => Boolean(view.q || view.sitting || view.tile);

/** Nothing filtered; the order and the groups stay. */
export const unfiltered = (view) => ({ ...EMPTY, sort: view.sort, down: view.down, group: view.group });
