// @ts-check
// The console: a header, and below it the view of the address.

/** @import { PlainWordName, View } from "./types.js" */

import { Refused } from "./api.js";
import { KEY_CHANGED } from "./api_key.js";
import { hideForbidden } from "./caller.js";
import { fill, h } from "./dom.js";
import { loadModule } from "./load_module.js";
import { enter, enteredOn } from "./parts/entered.js";
import { header } from "./parts/header.js";
import { notices, showNotices } from "./parts/notices.js";
import { refusal } from "./parts/refusal.js";
import { isSubmitting, submissionsSettled } from "./parts/submission.js";
import { keepTimesCurrent } from "./parts/time.js";
import { preload } from "./preload.js";
import { href, match, place, route } from "./router.js";
import { language, say } from "./words.js";

const ROUTES = [
  route("", () => import("./views/overview.js")),
  route("scripts", () => import("./views/scripts.js")),
  route("new", () => import("./views/new_script.js")),
  route("scripts/:script", () => import("./views/script.js")),
  route("scripts/:script/new", () => import("./views/new_version.js")),
  route("scripts/:script/changes", () => import("./views/changes.js")),
  route("scripts/:script/test", () => import("./views/script_test.js")),
  route("scripts/:script/run", () => import("./views/run.js")),
  route("scripts/:script/batch", () => import("./views/new_batch.js")),
  route("scripts/:script/replays", () => import("./views/replays.js")),
  route("scripts/:script/replays/:version/:replay", () => import("./views/replay.js")),
  route("executions", () => import("./views/executions.js")),
  route("executions/:id", () => import("./views/execution.js")),
  route("batches", () => import("./views/batches.js")),
  route("batches/:batch", () => import("./views/batch.js")),
  route("scripts/:script/job", () => import("./views/new_job.js")),
  route("jobs", () => import("./views/jobs.js")),
  route("jobs/:job", () => import("./views/job.js")),
  route("stores", () => import("./views/stores.js")),
  route("stores/:store", () => import("./views/store.js")),
  route("webhooks", () => import("./views/webhooks.js")),
  route("webhooks/new", () => import("./views/new_webhook.js")),
  route("webhooks/:webhook", () => import("./views/webhook.js")),
  route("webhooks/:webhook/edit", () => import("./views/edit_webhook.js")),
  route("webhooks/:webhook/deliveries/:delivery", () => import("./views/delivery.js")),
  route("compare", () => import("./views/compare.js")),
  route("keys", () => import("./views/keys.js")),
  route("audit", () => import("./views/audit.js")),
  route("status", () => import("./views/status.js")),
];

/** @type {Record<number, PlainWordName>} The titles of pages that are refused with a status. */
const TITLES = { 401: "refused.key", 404: "nowhere" };

const main = h("main", { id: "main", tabindex: "-1" });
const skipLink = h("a", { class: "skip", href: "#main", click: skip });
const head = header({ reload: show, relabel });

/** The controller of the view on the page, and that of the view that is to replace it; the same between the two. */
let shown = new AbortController();
let loading = shown;
/** The language of the view on the page. */
let shownIn = language;

/** Show the view of the address; its signal aborts when the next one is shown. */
async function show() {
  shown.abort();
  fill(main, h("p", { class: "quiet", role: "status" }, say("loading")));
  await load(false);
}

/** Put the present language on the page. */
async function relabel() {
  head.relabel();
  labelDocument();
  if (shownIn !== language) await load(true);
}

/**
 * Load the view of the address and put it on the page. If that is the same view in another language, the one that it
 * replaces works until then, and until its requests are over, so that neither they nor their outcomes are lost.
 * @param {boolean} isSameView
 */
async function load(isSameView) {
  if (loading !== shown) loading.abort();
  const controller = new AbortController();
  loading = controller;
  const { signal } = controller;
  const wanted = language;
  const [made] = await Promise.all([viewOfAddress(signal), hideForbidden()]);
  if (signal.aborted) return;
  if (language !== wanted || (isSameView && isSubmitting())) {
    controller.abort();
    await submissionsSettled();
    if (loading === controller) await load(isSameView); // unless another view was asked for
    return;
  }
  shown.abort();
  shown = controller;
  present(made, isSameView);
}

/**
 * The view of the address, or the view of its error.
 * @param {AbortSignal} signal
 * @returns {Promise<View>}
 */
async function viewOfAddress(signal) {
  const { parts, query } = place(location.hash);
  const matched = match(ROUTES, parts);
  if (!matched) return { title: say("nowhere"), body: [h("p", { role: "alert" }, say("nowhere.about")), back()] };
  try {
    const { view } = await loadModule(matched.load());
    return await view({ ...matched.parameters, query, signal });
  } catch (error) {
    const status = (error instanceof Refused && error.problem.status) || 0;
    return { title: say(TITLES[status] ?? "refused"), body: [refusal(error, show), status === 404 ? back() : again()] };
  }
}

const again = () => h("p", {}, h("button", { type: "button", click: show }, say("refused.again")));

const back = () => h("p", {}, h("a", { class: "button", href: href([]) }, say("nowhere.back")));

/**
 * Show a view. Its heading gets the focus, so that screen readers announce it; the same view in another language leaves the
 * focus and the scroll position as they are.
 * @param {View} view
 * @param {boolean} isSameView
 */
function present({ title, heading: content = title, body, notice }, isSameView) {
  document.title = `${title} · Bateia`;
  shownIn = language;
  labelDocument();
  const before = isSameView && { entered: enteredOn(main), top: scrollY };
  const heading = h("h1", { tabindex: "-1" }, content);
  fill(main, heading, notices, body);
  showNotices({ notice, isSameView });
  if (before) enter(main, before.entered);
  else heading.focus({ preventScroll: true });
  scrollTo(0, before ? before.top : 0);
}

/** The language of the page, and that of the view if it is still another one. */
function labelDocument() {
  document.documentElement.lang = language;
  if (shownIn === language) main.removeAttribute("lang");
  else main.lang = shownIn;
  fill(skipLink, say("skip"));
}

labelDocument();
document.body.replaceChildren(skipLink, head.element, main);
addEventListener("hashchange", show);
addEventListener(KEY_CHANGED, hideForbidden); // also what is on the page
keepTimesCurrent();
show().then(() => preload(ROUTES));

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  main.focus();
}
