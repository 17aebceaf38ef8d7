// @ts-check
// The header: navigation, the health of the service, the API key, the language.

/** @import { Readiness, PlainWordName } from "../types.js" */

import { get } from "../api.js";
import { apiKey } from "../api_key.js";
import { fill, h } from "../dom.js";
import { addressOf } from "../root.js";
import { href } from "../router.js";
import { language, languages, say, setLanguage } from "../words.js";
import { keyForm } from "./key_form.js";

/** @type {[words: PlainWordName, parts: string[]][]} */
const SECTIONS = [
  ["nav.scripts", []],
  ["nav.executions", ["executions"]],
  ["nav.audit", ["audit"]],
];
const HEALTH_CHECK_MS = 15_000;

/**
 * The header. `reload` shows the view again after a change of the API key.
 * @param {() => unknown} reload
 */
export function header(reload) {
  const links = SECTIONS.map(([words, parts]) => h("a", { href: href(parts) }, say(words)));
  const markCurrent = () => links.forEach(markLink);
  addEventListener("hashchange", markCurrent);
  markCurrent();
  return h(
    "header",
    {},
    h("a", { class: "brand", href: href([]) }, "Bateia"),
    h("nav", { "aria-label": say("nav") }, links),
    health(),
    h("a", { href: addressOf("docs") }, "API"),
    keyButton(reload),
    languageChoice(),
  );
}

/** @param {HTMLAnchorElement} link */
function markLink(link) {
  const target = link.hash.slice(1);
  const here = location.hash.slice(1) || "/";
  const isHere = target === "/" ? here === "/" || /^\/(new|scripts)/.test(here) : here.startsWith(target);
  if (isHere) link.setAttribute("aria-current", "page");
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
  check();
  setInterval(check, HEALTH_CHECK_MS);
  return element;
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
  const dialog = h("dialog", { "aria-label": say("key") });
  const label = () => say(apiKey() ? "key.given" : "key");
  const close = () => {
    dialog.close();
    fill(button, label());
    reload();
  };
  const open = () => {
    fill(dialog, keyForm(close));
    dialog.showModal();
  };
  const button = h("button", { type: "button", click: open }, label());
  return [button, dialog];
}

function languageChoice() {
  const options = languages.map((code) =>
    h("option", { value: code, selected: code === language }, code.toUpperCase()),
  );
  const change = () => setLanguage(select.value);
  /** @type {HTMLSelectElement} */
  const select = h("select", { "aria-label": say("language"), change }, options);
  return select;
}
