// The console: a header, and under it the view that the address asks for.

import { h, fill } from "./dom.js";
import { header } from "./parts/header.js";
import { refusal } from "./parts/refusal.js";
import { match, place } from "./router.js";
import { audit } from "./views/audit.js";
import { compare } from "./views/compare.js";
import { execution } from "./views/execution.js";
import { executions } from "./views/executions.js";
import { newScript } from "./views/new_script.js";
import { newVersion } from "./views/new_version.js";
import { run } from "./views/run.js";
import { script } from "./views/script.js";
import { scripts } from "./views/scripts.js";
import { language, say } from "./words.js";

const ROUTES = [
  ["", scripts],
  ["new", newScript],
  ["scripts/:script", script],
  ["scripts/:script/new", newVersion],
  ["scripts/:script/run", run],
  ["executions", executions],
  ["executions/:id", execution],
  ["compare", compare],
  ["audit", audit],
];

const main = h("main", { id: "main", tabindex: "-1" });
let shown = new AbortController();

/**
 * Show the view of the address. A view is given its parameters, the address's query, and a signal for when it is left;
 * it resolves with a title and a body.
 */
async function show() {
  shown.abort();
  const { signal } = (shown = new AbortController());
  const { parts, query } = place(location.hash);
  const route = match(ROUTES, parts);
  fill(main, h("p", { class: "quiet", role: "status" }, say("loading")));
  try {
    if (!route) throw new Error(say("nowhere"));
    const { title, body } = await route.view({ ...route.parameters, query, signal });
    if (!signal.aborted) present(title, body);
  } catch (error) {
    if (!signal.aborted) present(say("refused"), refusal(error, show));
  }
}

/** Readers of the screen are told of a new view by its heading, which gets the focus. */
function present(title, body) {
  document.title = `${title} · Bateia`;
  const heading = h("h1", { tabindex: "-1" }, title);
  fill(main, heading, body);
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

document.documentElement.lang = language;
document.body.replaceChildren(h("a", { class: "skip", href: "#main", click: skip }, say("skip")), header(show), main);
addEventListener("hashchange", show);
show();

function skip(event) {
  event.preventDefault();
  main.focus();
}
