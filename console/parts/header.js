// @ts-check
// The header: the sections, and on the right the health of the service, the guide, the API's documentation, the height of
// rows, the API key and the language.

/** @import { PlainWordName, Scope } from "../types.js" */

import { KEY_CHANGED } from "../api_key.js";
import { applyDensity, isCompact, setCompact } from "../density.js";
import { fill, h, newId } from "../dom.js";
import { guideAddress } from "../guide.js";
import { addressOf } from "../root.js";
import { href } from "../router.js";
import { language, languages, say, setLanguage } from "../words.js";
import { health } from "./health.js";
import { keyMenu } from "./key_menu.js";

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

/**
 * The header; its `relabel` shows it in the present language. `reload` shows the view again after a change of the API key,
 * `relabel` after a change of the language.
 * @param {{ reload: () => unknown, relabel: () => unknown }} actions
 */
export function header({ reload, relabel }) {
  const sections = navigation();
  const [state, documents, key] = [health(), documentLinks(), keyMenu(reload)];
  const parts = [densityButton(), languageChoice(relabel)];
  const tools = h(
    "div",
    { class: "tools" },
    state.dot,
    documents.links,
    parts[0].element,
    key.element,
    parts[1].element,
  );
  const element = h(
    "header",
    {},
    sections.button,
    h("a", { class: "brand", href: href([]) }, "Bateia"),
    sections.nav,
    tools,
    state.line,
  );
  const label = () => {
    for (const part of [sections, state, documents, key, ...parts]) part.label();
  };
  /** @param {boolean} isOpen */
  const toggle = (isOpen) => {
    element.classList.toggle("open", isOpen);
    sections.button.setAttribute("aria-expanded", String(isOpen));
  };
  sections.button.addEventListener("click", () => toggle(!element.classList.contains("open")));
  addEventListener("hashchange", () => toggle(false));
  addEventListener(KEY_CHANGED, key.label);
  toggle(false);
  label();
  return { element, relabel: label };
}

/** The links to the sections, and the button that shows them where the window is narrow. */
function navigation() {
  const links = SECTIONS.map(([, parts, needs]) => h("a", { href: href(parts), "data-needs": needs }));
  const documents = documentLinks("document");
  const nav = h("nav", { id: newId("nav") }, links, documents.links);
  const button = h("button", { type: "button", class: "sections", "aria-controls": nav.id }, "☰");
  const markCurrent = () => links.forEach(markLink);
  addEventListener("hashchange", markCurrent);
  markCurrent();
  const label = () => {
    links.forEach((link, at) => fill(link, say(SECTIONS[at][0])));
    documents.label();
    nav.setAttribute("aria-label", say("nav"));
    button.setAttribute("aria-label", say("nav"));
  };
  return { nav, button, label };
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

/**
 * The links to the guide in the present language and to the API's documentation: among the tools, and on a phone, where
 * there is no room for them, among the sections.
 * @param {string} [look] Their class.
 */
function documentLinks(look) {
  const guide = h("a", { class: look });
  const label = () => {
    guide.href = guideAddress();
    fill(guide, say("guide"));
  };
  return { links: [guide, h("a", { class: look, href: addressOf("docs") }, "API")], label };
}

function densityButton() {
  const element = h("button", { type: "button", class: "density", click: () => (setCompact(!isCompact()), label()) });
  const label = () => {
    fill(element, isCompact() ? "≡" : "=");
    element.setAttribute("aria-pressed", String(!isCompact()));
    element.setAttribute("aria-label", say("density"));
    element.title = say("density");
  };
  applyDensity();
  return { element, label };
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
