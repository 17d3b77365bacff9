// Rule: whoever comes after on a shared phone finds no paper. Answers that never reached the server stay: they name
// positions and letters only, and are sent when their candidate signs in again.
import { dropPaper } from "./keeping.js";

dropPaper();
