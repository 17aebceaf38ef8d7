// @ts-check
// The filters of a list. They are part of the address, so that Back, reload, bookmarks and links keep them. They apply as
// soon as they change, and the form stays when one is refused.

/** @import { Field } from "../types.js" */
/** @import { Address, Filters } from "./list_query.js" */

import { counted } from "../counts.js";
import { fill, h, newId } from "../dom.js";
import { href } from "../router.js";
import { say } from "../words.js";
import { field } from "./field.js";
import { activeCount, CUSTOM, PERIODS, periodOf } from "./list_query.js";
import { toLocal, toTimestamp } from "./timestamps.js";

const TYPING_MS = 500;

/**
 * A control of the form. `update(address)` shows the filters of an address, `refuse(message)` a message below it.
 * @typedef {object} FilterControl
 * @property {string[]} names The parameters that it sets.
 * @property {HTMLElement} element
 * @property {(address: Address) => void} update
 * @property {(message: string) => void} refuse
 */

/** @typedef {(changed: Address) => void} Change */

/**
 * A form of filters. `apply(address)` is called with the changed address, which is already that of the page.
 * @param {object} options
 * @param {string[]} options.parts The address of the list.
 * @param {Filters} options.filters
 * @param {Address} options.address
 * @param {(change: Change) => FilterControl[]} options.controls
 * @param {(address: Address) => void} options.apply
 */
export function filterForm({ parts, filters, address, controls, apply }) {
  let current = address;
  /** @type {Change} */
  const change = (changed) => {
    current = { ...current, ...changed };
    history.pushState(null, "", href(parts, current));
    show();
    apply(current);
  };
  const fields = [...controls(change), periodControl(filters, change)];
  const clear = () => change(Object.fromEntries(Object.keys(current).map((name) => [name, undefined])));
  const clearButton = h("button", { type: "button", click: clear }, say("filter.none"));
  const words = h("span");
  const body = h("div", { class: "fields", id: newId("filters") });
  const toggle = h("button", { type: "button", class: "toggle", "aria-controls": body.id, click: flip }, words);
  fill(
    body,
    fields.map(({ element }) => element),
    clearButton,
  );
  flip();
  show();
  /** @param {SubmitEvent} event */
  const submit = (event) => event.preventDefault(); // a change has been applied already
  const element = h("form", { class: "filters", submit, "aria-label": say("filter") }, toggle, body);
  return { element, clear, refuse };

  function flip() {
    const isOpen = toggle.getAttribute("aria-expanded") === "false";
    toggle.setAttribute("aria-expanded", String(isOpen));
    body.classList.toggle("open", isOpen);
  }

  function show() {
    const active = activeCount(current, filters);
    clearButton.hidden = active === 0;
    fill(words, active > 0 ? say("filter.count", { n: active }) : say("filter"));
    for (const one of fields) {
      one.update(current);
      one.refuse("");
    }
  }

  /**
   * Show messages below the controls of parameters. Returns false if one of them has none.
   * @param {string[]} names
   * @param {(name: string) => string} messageOf
   */
  function refuse(names, messageOf) {
    const found = names.map((name) => fields.find((one) => one.names.includes(name)));
    names.forEach((name, at) => found[at]?.refuse(messageOf(name)));
    if (names.length > 0 && toggle.getAttribute("aria-expanded") === "false") flip();
    return names.length > 0 && found.every((one) => one !== undefined);
  }
}

/**
 * A text field of a parameter, with names to choose from if there are any.
 * @param {string} name
 * @param {Field} labelled
 * @param {Change} change
 * @param {string[]} [names]
 * @returns {FilterControl}
 */
export function textFilter(name, { element, input }, change, names) {
  const list =
    names &&
    h(
      "datalist",
      { id: newId("names") },
      names.map((value) => h("option", { value })),
    );
  if (list) {
    input.setAttribute("list", list.id);
    element.append(list);
  }
  input.addEventListener("change", () => change({ [name]: input.value.trim() }));
  return {
    names: [name],
    element,
    update: (address) => {
      input.value = address[name] ?? "";
    },
    refuse: messageBelow(element, input),
  };
}

/**
 * A list of values of a parameter, of which one or none is chosen.
 * @param {string} name
 * @param {Field<HTMLSelectElement>} labelled
 * @param {Change} change
 * @returns {FilterControl}
 */
export function selectFilter(name, { element, input }, change) {
  input.addEventListener("change", () => change({ [name]: input.value }));
  return {
    names: [name],
    element,
    update: (address) => {
      input.value = address[name] ?? "";
    },
    refuse: messageBelow(element, input),
  };
}

/**
 * Chips of a parameter's values, one of which is pressed; the first stands for all.
 * @param {string} name
 * @param {string} label
 * @param {(readonly [value: string, text: string])[]} options
 * @param {Change} change
 * @returns {FilterControl}
 */
export function chipFilter(name, label, options, change) {
  const { element, press } = chips(label, [["", say("filter.any")], ...options], (value) => change({ [name]: value }));
  return {
    names: [name],
    element,
    update: (address) => press(address[name] ?? ""),
    refuse: messageBelow(element),
  };
}

/**
 * The period: presets, or two times of the reader's own.
 * @param {Filters} filters
 * @param {Change} change
 * @returns {FilterControl}
 */
function periodControl(filters, change) {
  const { from, to } = filters;
  /** @type {[string, string][]} */
  const options = [
    ["", say("filter.any")],
    ...Object.keys(PERIODS).map((name) => /** @type {[string, string]} */ ([name, periodText(name)])),
    [CUSTOM, say("filter.custom")],
  ];
  const choose = (/** @type {string} */ period) =>
    change(period === CUSTOM ? { period } : { period, [from]: undefined, [to]: undefined });
  const { element, press } = chips(say("filter.period"), options, choose);
  const ends = [
    { name: from, ...field(say("filter.from"), { type: "datetime-local" }) },
    { name: to, ...field(say("filter.to"), { type: "datetime-local" }) },
  ];
  for (const { name, input } of ends)
    input.addEventListener(
      "change",
      delayed(() => change({ period: CUSTOM, [name]: toTimestamp(input.value) })),
    );
  const custom = h(
    "div",
    { class: "row" },
    ends.map((end) => end.element),
  );
  element.append(custom);
  return {
    names: ["period", from, to],
    element,
    update: (address) => {
      const period = periodOf(address, filters) ?? "";
      press(period);
      custom.hidden = period !== CUSTOM;
      for (const { name, input } of ends) if (input !== document.activeElement) input.value = toLocal(address[name]);
    },
    refuse: messageBelow(element),
  };
}

/**
 * A function that runs `work` once it was not called for a while: each digit of a year makes another time.
 * @param {() => void} work
 */
function delayed(work) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, TYPING_MS);
  };
}

/** @param {string} name A number and a unit, such as `24h`. */
function periodText(name) {
  const number = Number.parseInt(name, 10);
  return counted(name.endsWith("h") ? "filter.hours" : "filter.days", number);
}

/**
 * Buttons of which one is pressed.
 * @param {string} label
 * @param {(readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} choose
 */
function chips(label, options, choose) {
  const id = newId("chips");
  const buttons = options.map(([value, text]) =>
    h("button", { type: "button", class: "chip", value, click: () => choose(value) }, text),
  );
  const row = h("div", { class: "chips", role: "group", "aria-labelledby": id }, buttons);
  const element = h("div", { class: "field" }, h("span", { id }, label), row);
  /** @param {string} value */
  const press = (value) => {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.value === value));
  };
  return { element, press };
}

/**
 * A function that shows a message below a control, or none.
 * @param {HTMLElement} element
 * @param {HTMLElement} [input]
 */
function messageBelow(element, input) {
  const message = h("p", { id: newId("message"), class: "bad", role: "alert", hidden: true });
  element.append(message);
  /** @param {string} text */
  return (text) => {
    fill(message, text);
    message.hidden = text === "";
    for (const [name, value] of Object.entries({ "aria-invalid": "true", "aria-describedby": message.id }))
      if (text) input?.setAttribute(name, value);
      else input?.removeAttribute(name);
  };
}
