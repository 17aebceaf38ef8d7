// The header: where one can go, whether the service works, the key, the language.

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { key } from "../key.js";
import { addressOf } from "../root.js";
import { href } from "../router.js";
import { language, languages, say, speak } from "../words.js";
import { keyForm } from "./key_form.js";

const PLACES = [
  ["nav.scripts", []],
  ["nav.executions", ["executions"]],
  ["nav.audit", ["audit"]],
];
const EVERY_MS = 15_000;

/** The header; `again` shows the view anew, for another key. */
export function header(again) {
  const links = PLACES.map(([words, parts]) => h("a", { href: href(parts) }, say(words)));
  const mark = () => links.forEach((link) => marked(link));
  addEventListener("hashchange", mark);
  mark();
  return h(
    "header",
    {},
    h("a", { class: "brand", href: href([]) }, "Bateia"),
    h("nav", { "aria-label": say("nav") }, links),
    health(),
    h("a", { href: addressOf("docs") }, "API"),
    keyButton(again),
    tongues(),
  );
}

function marked(link) {
  const target = link.getAttribute("href").slice(1);
  const here = location.hash.slice(1) || "/";
  const isHere = target === "/" ? here === "/" || /^\/(new|scripts)/.test(here) : here.startsWith(target);
  if (isHere) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

/** Whether the service works, looked at now and then while the tab is seen. */
function health() {
  const element = h("span", { class: "health", role: "status" });
  const look = async () => {
    if (!document.hidden) fill(element, ...(await trouble()));
  };
  look();
  setInterval(look, EVERY_MS);
  return element;
}

async function trouble() {
  try {
    const { ready, trouble: found, workers } = await get(addressOf("health/ready"), { fine: [503] });
    if (!ready) return [h("span", { class: "bad" }, found)];
    return workers ? [] : [h("span", { class: "bad" }, say("health.no-worker"))];
  } catch (error) {
    return [h("span", { class: "bad" }, error.message)];
  }
}

function keyButton(again) {
  const dialog = h("dialog", { "aria-label": say("key") });
  const ask = () => {
    fill(
      dialog,
      keyForm(() => (dialog.close(), fill(button, words()), again())),
    );
    dialog.showModal();
  };
  const words = () => say(key() ? "key.given" : "key");
  const button = h("button", { type: "button", click: ask }, words());
  return [button, dialog];
}

function tongues() {
  const option = (one) => h("option", { value: one, selected: one === language }, one.toUpperCase());
  const choose = (event) => speak(event.target.value);
  return h("select", { "aria-label": say("language"), change: choose }, languages.map(option));
}
