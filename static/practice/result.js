// Rule: a practice that is over leaves nothing on the device.
import { Store } from "../exam/store.js";

const { attempt } = JSON.parse(document.getElementById("state").textContent);
const store = await Store.open(attempt);
await store.forget();
