// Rule: how the candidate wants to see the exam: text size, contrast, key shortcuts. Kept on this device only.

const CHOICES = { size: ["1", "2", "3"], contrast: ["normal", "more"], keys: ["on", "off"] };
const root = document.documentElement;

function read() {
  try {
    return JSON.parse(localStorage.getItem("exam:comfort")) || {};
  } catch {
    return {};
  }
}

function keep(wish) {
  try {
    localStorage.setItem("exam:comfort", JSON.stringify(wish));
  } catch {
    // it still holds until the page is left
  }
}

function apply(wish) {
  for (const [name, values] of Object.entries(CHOICES)) {
    root.dataset[name] = values.includes(wish[name]) ? wish[name] : values[0];
  }
  for (const button of document.querySelectorAll("[data-comfort]")) {
    const [name, value] = button.dataset.comfort.split("=");
    button.setAttribute("aria-pressed", String(root.dataset[name] === value));
  }
}

const wish = read();
apply(wish);
for (const button of document.querySelectorAll("[data-comfort]")) {
  button.addEventListener("click", () => {
    const [name, value] = button.dataset.comfort.split("=");
    wish[name] = root.dataset[name] === value && CHOICES[name].length === 2 ? CHOICES[name][0] : value;
    apply(wish);
    keep(wish);
  });
}
