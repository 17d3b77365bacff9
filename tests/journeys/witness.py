"""Who stands beside the board with a watch: since when it shows what it shows, and how late the machine is.

Both are told by the page's own clock, which is the clock of the test as well. How long the test itself takes
to look does not count; and what is late because the machine is busy is measured beside it, by a timer of the
page and by the smallest question that the same server can be asked.
"""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

WATCH = """() => {
    const clock = () => new Date().getTime();  // a test may have Date.now in its hands
    const watch = window.witness = { shown: [], late: [], stands: new Map() };
    const look = () => {
        for (const row of document.querySelectorAll('#rows .tabulator-row')) {
            if (!row.querySelector('.c-name')) continue;  // the bar of a group
            const at = clock(), name = row.querySelector('.c-name').textContent;
            const answered = row.querySelector('.c-answered').textContent;
            const told = { standing: row.dataset.standing, answered };
            for (const [column, text] of Object.entries(told)) {
                if (watch.stands.get(name + column) === text) continue;
                watch.stands.set(name + column, text);
                watch.shown.push({ name, column, text, at });
            }
        }
    };
    new MutationObserver(look).observe(document.querySelector('#rows'),
        { subtree: true, childList: true, characterData: true, attributes: true });
    look();
    const EVERY = 100;
    let last = clock();
    setInterval(() => {
        const now = clock();
        watch.late.push({ from: last, to: now, ms: Math.max(0, now - last - EVERY) });
        last = now;
    }, EVERY);
    const ask = async () => {
        const from = clock();
        try { await fetch('/healthz', { cache: 'no-store' }); } catch { /* no answer is not a late one */ }
        const to = clock();
        watch.late.push({ from, to, ms: to - from });
        setTimeout(ask, EVERY);
    };
    ask();
}"""
SHOWN = """([name, column, text]) => {
    const found = window.witness.shown.filter((one) => one.name.includes(name) && one.column === column
        && (column === 'standing' ? one.text === text : one.text.includes(text)));
    return found.length ? found.at(-1).at : null;
}"""
LATE = """([from, to]) => Math.max(0, ...window.witness.late
    .filter((one) => one.to >= from && one.from <= to).map((one) => one.ms))"""


class Witness:
    """Watches the board of `page` from now on; that page is not left before the end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate(WATCH)

    def shown_at(self, name: str, column: str, text: str) -> float:
        """When the board began to show it (the last time, if more than once), in milliseconds since 1970."""
        found: Any = self._page.evaluate(SHOWN, [name, column, text])
        assert found is not None, f"{name}: the board has never shown {text}"
        return float(found)

    def lateness(self, since: float, until: float) -> float:
        """The milliseconds by which the machine was late at worst between the two instants."""
        return float(self._page.evaluate(LATE, [since, until]))
