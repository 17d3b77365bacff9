// Owns the sending of a file: shows it first, makes a camera's photo smaller, tells how far it is, keeps the choice.
// Without this script each form sends itself; the server decides about every file either way.

(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const LONGEST = 2400; // pixels: the server keeps no more than that
  const PREVIEW = 320;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const size = (bytes) => {
    const mega = bytes >= 1024 * 1024;
    const number = mega ? Math.round((bytes / 1024 / 1024) * 10) / 10 : Math.ceil(bytes / 1024);
    return `${number.toLocaleString(document.documentElement.lang)} ${mega ? "MB" : "kB"}`;
  };

  // The picture on a canvas whose longer side is at most `longest`, upright; null when it cannot be shown.
  async function drawn(file, longest) {
    if (!window.createImageBitmap || !file.type.startsWith("image/")) return null;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      const paint = canvas.getContext("2d");
      paint.fillStyle = "#fff";
      paint.fillRect(0, 0, canvas.width, canvas.height);
      paint.drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return canvas;
    } catch (unreadable) {
      return null; // the server will say what is wrong with it
    }
  }

  async function smaller(file) {
    const canvas = await drawn(file, LONGEST);
    return canvas && new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  }

  function prepare(form) {
    const part = (name) => form.querySelector(`[data-${name}]`);
    const input = form.querySelector('input[type="file"]');
    const progress = form.querySelector("progress");
    const button = form.querySelector("button");
    let turn = 0; // a newer choice makes the work for an older one void
    let ready = null; // what will be sent: {blob, name}
    let preparing = Promise.resolve();

    function complain(sentence) {
      part("problem").hidden = !sentence;
      part("problem").querySelector("span").textContent = sentence;
      part("problem").setAttribute("role", "alert");
      if (sentence) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }

    async function choose() {
      const mine = ++turn;
      const file = input.files[0];
      ready = null;
      complain("");
      part("chosen").textContent = "";
      part("preview").hidden = true;
      if (!file) return;
      let blob = file;
      if (file.size > texts.most) blob = await smaller(file);
      const canvas = blob && (await drawn(blob, PREVIEW));
      if (mine !== turn) return;
      if (!blob || blob.size > texts.most) {
        complain(fill(texts.too_large, { size: size(file.size), most: size(texts.most) }));
        return;
      }
      const told = blob === file ? fill(texts.ready, { name: file.name, size: size(file.size) })
        : fill(texts.shrunk, { before: size(file.size), after: size(blob.size) });
      part("chosen").textContent = told;
      if (canvas) {
        canvas.setAttribute("role", "img");
        canvas.setAttribute("aria-label", texts.preview);
        part("preview").replaceChildren(canvas);
        part("preview").hidden = false;
      }
      ready = { blob, name: file.name };
    }

    function stop(sentence) {
      progress.hidden = true;
      button.disabled = input.disabled = false;
      part("chosen").textContent = "";
      complain(sentence);
      input.focus();
    }

    function answered(request) {
      let told;
      try {
        told = JSON.parse(request.responseText);
      } catch (unreadable) {
        return stop(texts.unread);
      }
      if (!told.ok) return stop(told.sentence);
      part("chosen").textContent = texts.kept;
      const kind = form.closest("li").id;
      const there = new URL(location.pathname, location.href);
      const back = new URL(location.href).searchParams.get("back");
      if (back) there.searchParams.set("back", back);
      there.searchParams.set("sent", kind);
      there.hash = kind;
      return location.href === there.href ? location.reload() : location.assign(there.href);
    }

    function send() {
      const body = new FormData();
      body.append("csrf", form.elements.csrf.value);
      body.append("file", ready.blob, ready.name);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      let said = -1;
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((100 * event.loaded) / event.total);
        progress.value = percent;
        // a screen reader hears every tenth part, not every packet
        if (Math.floor(percent / 10) === said) return;
        said = Math.floor(percent / 10);
        part("chosen").textContent = percent < 100 ? fill(texts.sending, { percent }) : texts.checking;
      });
      request.addEventListener("load", () => answered(request));
      for (const lost of ["error", "abort", "timeout"]) request.addEventListener(lost, () => stop(texts.lost));
      progress.value = 0;
      progress.hidden = false;
      button.disabled = input.disabled = true;
      request.send(body);
    }

    input.addEventListener("change", () => (preparing = choose()));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await preparing;
      if (ready) send();
      else if (!input.files.length) stop(texts.nothing);
      else input.focus(); // what is wrong with the choice is said above it already
    });
    if (input.files.length) preparing = choose(); // the browser kept the choice over a reload
  }

  for (const form of document.querySelectorAll("[data-upload]")) prepare(form);
})();
