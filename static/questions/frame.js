// Rule: the frame with the candidate's view is as high as what it shows, so that it needs no bar of its own.
const TALLEST = 1600;

/** As high as its page, whose pictures and styles have arrived. */
export function fit(frame) {
  const page = frame.contentDocument?.documentElement;
  if (page) frame.style.height = `${Math.min(Math.ceil(page.getBoundingClientRect().height) + 2, TALLEST)}px`;
}

for (const frame of document.querySelectorAll(".bank-frame")) {
  frame.addEventListener("load", () => fit(frame));
  fit(frame);
}
addEventListener("resize", () => document.querySelectorAll(".bank-frame").forEach(fit));
