// Rule: a reload without a network. Only the running paper is kept on the device, by the worker; it is dropped when the
// attempt closes, and by every page that a stranger or a new person of this browser gets to see.

const KEPT = "exam-paper";   // as in worker.js, which can import nothing

/** The worker stands ready for the next page; quietly not, where the browser has none (plain HTTP in an office). */
export async function installWorker(paths) {
  try {
    await navigator.serviceWorker.register(paths.worker, { scope: paths.room });
  } catch {
    // the exam goes on without it, only not across a reload without a network
  }
}

/** The worker holds this page and everything it consists of, `more` addresses included. */
export async function keepPaper(paths, attempt, more) {
  await installWorker(paths);
  const registration = await navigator.serviceWorker?.ready;
  const parts = [...document.querySelectorAll("link[href], script[src], .pic img")].map((part) => part.href || part.src);
  const files = [...more, ...parts].filter((file) => file.startsWith(location.origin));
  registration?.active.postMessage({ attempt, files });
}

/** Nothing of a paper is left here. */
export async function dropPaper() {
  try {
    await caches.delete(KEPT);
  } catch {
    // where nothing can be kept, nothing is
  }
}
