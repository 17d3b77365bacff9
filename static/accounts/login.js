// Owns one comfort of signing in: the password can be read while it is typed, and is hidden again when sent.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.dataset.reveal);

  const show = (readable) => {
    field.type = readable ? "text" : "password";
    button.setAttribute("aria-pressed", String(readable));
  };

  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false));
}
