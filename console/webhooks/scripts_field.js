// @ts-check
// The scripts whose events a webhook gets: all of them, or some that are chosen by name.

/** @import { Content } from "../types.js" */

import { fill, h, newId } from "../dom.js";
import { choice, field } from "../parts/field.js";
import { say } from "../words.js";

const SOME = "some";

/**
 * The field, which suggests names. `changed` is called after a change of the chosen names.
 * @param {string[]} suggestions
 * @param {() => void} changed
 */
export function scriptsField(suggestions, changed) {
  /** @type {string[]} */
  let chosen = [];
  const options = /** @type {const} */ ([
    ["", say("webhook.scripts.all")],
    [SOME, say("webhook.scripts.some")],
  ]);
  const which = choice(say("webhook.scripts"), [...options], { choose: show });
  const names = newId("names");
  const name = field(say("webhook.scripts.name"), { list: names, autocomplete: "off", spellcheck: "false" });
  const list = h("ul", { class: "chosen", "aria-label": say("webhook.scripts.chosen") });
  const message = h("p", { class: "bad", role: "alert", id: newId("message") });
  const add = h("button", { type: "button", click: take }, say("webhook.scripts.add"));
  name.input.setAttribute("aria-describedby", message.id);
  name.input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !name.input.value.trim()) return;
    event.preventDefault(); // or it would send the form
    take();
  });
  name.element.append(
    h(
      "datalist",
      { id: names },
      suggestions.map((value) => h("option", { value })),
    ),
  );
  const some = h("div", {}, list, h("div", { class: "row adding" }, name.element, add));
  show();
  return {
    element: h("div", { class: "field" }, which.element, some, message),
    read,
    write,
    refuse,
    focus: () => (some.hidden ? which : name).input.focus(),
  };

  /** Add the name that is entered. */
  function take() {
    const entered = name.input.value.trim();
    name.input.value = "";
    name.input.focus();
    if (!entered || chosen.includes(entered)) return;
    chosen = [...chosen, entered];
    refuse(null);
    show();
    changed();
  }

  /** @param {string} dropped */
  function drop(dropped) {
    chosen = chosen.filter((one) => one !== dropped);
    name.input.focus(); // the button is gone
    refuse(null);
    show();
    changed();
  }

  function show() {
    some.hidden = which.input.value !== SOME;
    list.hidden = chosen.length === 0;
    fill(list, chosen.map(item));
  }

  /** @param {string} one */
  function item(one) {
    const label = say("webhook.scripts.drop", { name: one });
    const button = h("button", { type: "button", class: "small", "aria-label": label, click: () => drop(one) }, "×");
    return h("li", { class: "row" }, h("bdi", {}, one), button);
  }

  /** The chosen names, with one that is entered and not added yet; null for all scripts. */
  function read() {
    if (which.input.value !== SOME) return null;
    const entered = name.input.value.trim();
    return entered && !chosen.includes(entered) ? [...chosen, entered] : chosen;
  }

  /** @param {readonly string[] | null} scripts */
  function write(scripts) {
    chosen = [...(scripts ?? [])];
    which.input.value = scripts ? SOME : "";
    name.input.value = "";
    show();
  }

  /** @param {Content} content */
  function refuse(content) {
    name.input.ariaInvalid = String(Boolean(content));
    fill(message, content);
  }
}
