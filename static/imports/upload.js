// Rule: a file may be dropped or chosen, and is sent so that its progress is seen; without this script the form sends itself.
import { fill } from "../common/words.js";

const words = JSON.parse(document.getElementById("words").textContent);

function size(bytes) {
  const mega = bytes >= 1024 * 1024;
  const number = mega ? Math.round((bytes / 1024 / 1024) * 10) / 10 : Math.max(1, Math.ceil(bytes / 1024));
  return `${number.toLocaleString(document.documentElement.lang)} ${mega ? "MB" : "kB"}`;
}

function prepare(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const input = form.querySelector("input[name=file]");
  const button = form.querySelector("button");
  const drop = part("drop");

  function tell(sentence) {
    part("chosen").textContent = sentence;
  }

  /** True when the server would take it; says what was chosen, or why not. */
  function usable(several) {
    const file = input.files[0];
    if (!file) return false;
    const told = { name: file.name, size: size(file.size), most: size(words.most) };
    const large = file.size > words.most;
    tell(fill(large ? words.too_large : several ? words.several : words.chosen, told));
    if (large) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    return !large;
  }

  function stop(sentence) {
    part("sending").hidden = true;
    button.disabled = false;
    tell(sentence);
    input.setAttribute("aria-invalid", "true");
    input.focus();
  }

  function answered(request) {
    let said;
    try {
      said = JSON.parse(request.responseText);
    } catch (unreadable) {
      return stop(words.unread);
    }
    return said.ok ? go(said.page) : stop(said.sentence);
  }

  /** The same address again must be loaded anew. */
  function go(page) {
    if (location.pathname === page && !location.search) location.reload();
    else location.assign(page);
  }

  function send() {
    const request = new XMLHttpRequest();
    const bar = form.querySelector("progress");
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    let said = -1;
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((100 * event.loaded) / event.total);
      bar.value = percent;
      // a screen reader hears every tenth part, not every packet
      if (Math.floor(percent / 10) === said) return;
      said = Math.floor(percent / 10);
      part("telling").textContent = fill(words.sending, { percent });
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value"); // how long reading takes nobody knows
      part("telling").textContent = words.reading;
    });
    request.addEventListener("load", () => answered(request));
    for (const lost of ["error", "abort", "timeout"]) request.addEventListener(lost, () => stop(words.lost));
    bar.value = 0;
    part("sending").hidden = false;
    button.disabled = true;
    request.send(new FormData(form));
  }

  part("drop-hint").hidden = false;
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.setAttribute("data-over", "");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) drop.removeAttribute("data-over");
  });
  drop.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    drop.removeAttribute("data-over");
    const [first] = event.dataTransfer.files;
    const chosen = new DataTransfer();
    chosen.items.add(first);
    input.files = chosen.files;
    usable(event.dataTransfer.files.length > 1);
  });
  input.addEventListener("change", () => usable(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (usable(false)) send();
    else input.focus();
  });
}

for (const form of document.querySelectorAll("[data-upload]")) prepare(form);
