// The console: a header, and under it the view that the address asks for.

import { Refused } from "./api.js";
import { fill, h } from "./dom.js";
import { needed } from "./needed.js";
import { header } from "./parts/header.js";
import { refusal } from "./parts/refusal.js";
import { match, place } from "./router.js";
import { language, say } from "./words.js";

const ROUTES = [
  ["", () => import("./views/scripts.js")],
  ["new", () => import("./views/new_script.js")],
  ["scripts/:script", () => import("./views/script.js")],
  ["scripts/:script/new", () => import("./views/new_version.js")],
  ["scripts/:script/run", () => import("./views/run.js")],
  ["executions", () => import("./views/executions.js")],
  ["executions/:id", () => import("./views/execution.js")],
  ["compare", () => import("./views/compare.js")],
  ["audit", () => import("./views/audit.js")],
];

const main = h("main", { id: "main", tabindex: "-1" });
let shown = new AbortController();

/**
 * Show the view of the address, which is the `view` of a module. It is given its parameters, the address's query, and a
 * signal for when it is left; it resolves with a title and a body.
 */
async function show() {
  shown.abort();
  const { signal } = (shown = new AbortController());
  const { parts, query } = place(location.hash);
  const route = match(ROUTES, parts);
  fill(main, h("p", { class: "quiet", role: "status" }, say("loading")));
  try {
    if (!route) throw new Refused({ title: say("nowhere") });
    const { view } = await needed(route.load());
    const { title, body } = await view({ ...route.parameters, query, signal });
    if (!signal.aborted) present(title, body);
  } catch (error) {
    if (!signal.aborted) present(say("refused"), [refusal(error, show), again()]);
  }
}

const again = () => h("p", {}, h("button", { type: "button", click: show }, say("refused.again")));

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
show().then(fetchTheRest);

/** The other views come once the first is there, so that they are there even if the service is not. */
function fetchTheRest() {
  for (const [, load] of ROUTES) load().catch(() => undefined); // who needs one that did not come is told
}

function skip(event) {
  event.preventDefault();
  main.focus();
}
