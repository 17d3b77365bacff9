// Owns one comfort of the domicile step: another regency shows its kecamatan at once, without asking the server.

const office = document.querySelector("[data-office]");
const inside = document.querySelector("[data-inside]");
const outside = document.querySelector("[data-outside]");
const listed = inside.querySelector("select");

const show = (part, visible) => {
  part.hidden = !visible;
  for (const field of part.querySelectorAll("input, select")) field.disabled = !visible;
};

const fill = (names) => {
  const chosen = listed.value;
  listed.replaceChildren(listed.options[0], ...names.map((name) => new Option(name, name, false, name === chosen)));
};

office.addEventListener("change", () => {
  const option = office.selectedOptions[0];
  const names = option.dataset.kecamatan ? JSON.parse(option.dataset.kecamatan) : [];
  fill(names);
  show(inside, names.length > 0);
  show(outside, office.value === "elsewhere");
});

// Owns one more: the desa that are suggested are those of the chosen kecamatan.
const suggested = document.querySelector("[data-desa]");
const suggest = () => {
  if (!suggested) return;
  const desa = office.value === suggested.dataset.of ? JSON.parse(suggested.dataset.desa) : {};
  suggested.replaceChildren(...(desa[listed.value] || []).map((name) => new Option("", name)));
};
listed.addEventListener("change", suggest);
office.addEventListener("change", suggest);

document.querySelector("[data-turn]").hidden = true;
