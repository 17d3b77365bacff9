// Rule: single letters act only outside of fields, and whoever does not want them turns them off for good.
const OFF = "screening-keys-off";

export function listen(lines, files) {
  const help = document.getElementById("help");
  const on = document.getElementById("keys-on");
  const open = document.getElementById("help-open");
  on.checked = !localStorage.getItem(OFF);
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  open.hidden = false;
  open.addEventListener("click", () => help.showModal());

  const acts = {
    j: () => lines.move(1), k: () => lines.move(-1), y: () => lines.agree(), n: () => lines.differ(),
    1: () => files.pick(1), 2: () => files.pick(2), 3: () => files.pick(3),
    "+": () => files.act("in"), "=": () => files.act("in"), "-": () => files.act("out"), 0: () => files.act("fit"),
    r: () => files.act("turn"), "[": () => files.act("before"), "]": () => files.act("after"), "?": () => help.showModal(),
  };
  const onLine = { ArrowDown: () => lines.move(1), ArrowUp: () => lines.move(-1) };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open || !on.checked) return;
    const here = document.activeElement;
    if (here?.matches("input, select, textarea, summary")) return;
    const act = acts[event.key] ?? (here?.closest(".scr-line") ? onLine[event.key] : undefined);
    if (!act) return;
    event.preventDefault();
    act();
  });
}
