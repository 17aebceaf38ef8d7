// @ts-check
// The console: a header, and below it the view of the address.

/** @import { Content } from "./types.js" */

import { Refused } from "./api.js";
import { fill, h } from "./dom.js";
import { loadModule } from "./load_module.js";
import { header } from "./parts/header.js";
import { refusal } from "./parts/refusal.js";
import { match, place, route } from "./router.js";
import { language, say } from "./words.js";

const ROUTES = [
  route("", () => import("./views/scripts.js")),
  route("new", () => import("./views/new_script.js")),
  route("scripts/:script", () => import("./views/script.js")),
  route("scripts/:script/new", () => import("./views/new_version.js")),
  route("scripts/:script/run", () => import("./views/run.js")),
  route("executions", () => import("./views/executions.js")),
  route("executions/:id", () => import("./views/execution.js")),
  route("compare", () => import("./views/compare.js")),
  route("audit", () => import("./views/audit.js")),
];

const main = h("main", { id: "main", tabindex: "-1" });
let current = new AbortController();

/** Show the view of the address; its signal aborts when the next one is shown. */
async function show() {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  const { parts, query } = place(location.hash);
  const matched = match(ROUTES, parts);
  fill(main, h("p", { class: "quiet", role: "status" }, say("loading")));
  try {
    if (!matched) throw new Refused({ title: say("nowhere") });
    const { view } = await loadModule(matched.load());
    const { title, heading = title, body } = await view({ ...matched.parameters, query, signal });
    if (!signal.aborted) present(title, body, heading);
  } catch (error) {
    if (!signal.aborted) present(say("refused"), [refusal(error, show), again()]);
  }
}

const again = () => h("p", {}, h("button", { type: "button", click: show }, say("refused.again")));

/**
 * Show a view. Its heading gets the focus, so that screen readers announce it.
 * @param {string} title
 * @param {Content} body
 * @param {Content} [headingContent]
 */
function present(title, body, headingContent = title) {
  document.title = `${title} · Bateia`;
  const heading = h("h1", { tabindex: "-1" }, headingContent);
  fill(main, heading, body);
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
}

document.documentElement.lang = language;
document.body.replaceChildren(h("a", { class: "skip", href: "#main", click: skip }, say("skip")), header(show), main);
addEventListener("hashchange", show);
show().then(preload);

/** Load the other views after the first, so that they work while the service is unreachable. */
function preload() {
  for (const { load } of ROUTES) load().catch(() => undefined); // the error is shown when the view is opened
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  main.focus();
}
