// @ts-check
// The header: navigation, the health of the service, the API key, the language.

/** @import { Readiness, PlainWordName, Scope } from "../types.js" */

import { get } from "../api.js";
import { apiKey, KEY_CHANGED } from "../api_key.js";
import { caller } from "../caller.js";
import { fill, h } from "../dom.js";
import { addressOf } from "../root.js";
import { href } from "../router.js";
import { language, languages, say, setLanguage } from "../words.js";
import { keyForm } from "./key_form.js";

/** @type {[words: PlainWordName, parts: string[], needs?: Scope][]} */
const SECTIONS = [
  ["overview", []],
  ["nav.scripts", ["scripts"]],
  ["nav.executions", ["executions"]],
  ["batches", ["batches"]],
  ["jobs", ["jobs"]],
  ["stores", ["stores"]],
  ["webhooks", ["webhooks"]],
  ["keys.nav", ["keys"], "admin"],
  ["nav.audit", ["audit"], "admin"],
  ["service", ["status"], "admin"],
];
const HEALTH_CHECK_MS = 15_000;

/**
 * The header; its `relabel` shows it in the present language. `reload` shows the view again after a change of the API key,
 * `relabel` after a change of the language.
 * @param {{ reload: () => unknown, relabel: () => unknown }} actions
 */
export function header({ reload, relabel }) {
  const links = SECTIONS.map(([, parts, needs]) => h("a", { href: href(parts), "data-needs": needs }));
  const nav = h("nav", {}, links);
  const [state, key, languageMenu] = [health(), keyButton(reload), languageChoice(relabel)];
  const markCurrent = () => links.forEach(markLink);
  const label = () => {
    links.forEach((link, at) => fill(link, say(SECTIONS[at][0])));
    nav.setAttribute("aria-label", say("nav"));
    for (const part of [state, key, languageMenu]) part.label();
  };
  addEventListener("hashchange", markCurrent);
  addEventListener(KEY_CHANGED, key.label);
  markCurrent();
  label();
  const element = h(
    "header",
    {},
    h("a", { class: "brand", href: href([]) }, "Bateia"),
    nav,
    state.element,
    h("a", { href: addressOf("docs") }, "API"),
    key.element,
    languageMenu.element,
  );
  return { element, relabel: label };
}

/** @param {HTMLAnchorElement} link */
function markLink(link) {
  const target = link.hash.slice(1);
  const here = location.hash.slice(1) || "/";
  const isHere = target === "/" ? /^\/(\?|$)/.test(here) : here.startsWith(target);
  const isNew = target === "/scripts" && here.startsWith("/new");
  if (isHere || isNew) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** The problem of the service, if any. It is checked regularly while the tab is visible. */
function health() {
  const element = h("span", { class: "health", role: "status" });
  const check = async () => {
    if (document.hidden) return;
    const problem = await healthProblem();
    fill(element, problem && h("span", { class: "bad" }, problem));
  };
  setInterval(check, HEALTH_CHECK_MS);
  return { element, label: check };
}

async function healthProblem() {
  try {
    /** @type {Readiness} */
    const { ready, trouble, workers } = await get(addressOf("health/ready"), { fine: [503] });
    if (!ready) return trouble;
    return workers ? null : say("health.no-worker");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param {() => unknown} reload */
function keyButton(reload) {
  const dialog = h("dialog");
  const close = () => {
    dialog.close();
    label();
  };
  const enter = () => {
    close();
    reload();
  };
  const open = () => {
    fill(dialog, keyForm(enter, close));
    dialog.showModal();
  };
  const button = h("button", { type: "button", class: "key", click: open });
  const label = async () => {
    fill(button, say(apiKey() ? "key.given" : "key"));
    button.removeAttribute("aria-label");
    dialog.setAttribute("aria-label", say("key"));
    const key = apiKey() && (await caller())?.key;
    if (!key || !apiKey()) return;
    fill(button, h("bdi", {}, key.name));
    button.setAttribute("aria-label", say("key.named", key));
  };
  return { element: [button, dialog], label };
}

/** @param {() => unknown} relabel */
function languageChoice(relabel) {
  const options = languages.map((code) =>
    h("option", { value: code, selected: code === language }, code.toUpperCase()),
  );
  const change = () => {
    setLanguage(element.value);
    relabel();
  };
  /** @type {HTMLSelectElement} */
  const element = h("select", { change }, options);
  return { element, label: () => element.setAttribute("aria-label", say("language")) };
}
