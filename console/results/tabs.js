// @ts-check
// Tabs of the ARIA Authoring Practices with automatic activation: arrow keys move the focus and show the tab.

/** @import { Content } from "../types.js" */

import { fill, h, newId } from "../dom.js";

/** @type {Partial<Record<string, number>>} */
const MOVES = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

/**
 * Tabs; `show()` makes the content of one when it is selected first. `name` is the tab to start with, the first one
 * without it; `chosen` gets the name of each that the reader selects.
 * @param {string} label
 * @param {{ name: string, words: string, show: () => Content }[]} all
 * @param {{ name?: string, chosen?: (name: string) => unknown }} [selection]
 */
export function tabs(label, all, { name, chosen } = {}) {
  const panels = all.map(() => h("div", { role: "tabpanel", id: newId("panel"), tabindex: "0", hidden: true }));
  const heads = all.map(({ words }, at) => tab(words, panels[at], () => choose(at)));
  const list = h("div", { role: "tablist", "aria-label": label, keydown: move }, heads);
  panels.forEach((panel, at) => panel.setAttribute("aria-labelledby", heads[at].id));
  let selected = Math.max(
    0,
    all.findIndex((one) => one.name === name),
  );
  select(selected);
  return h("div", {}, list, panels);

  /** @param {number} next */
  function choose(next) {
    select(next);
    chosen?.(all[next].name);
  }

  /** @param {number} next */
  function select(next) {
    selected = next;
    heads.forEach((head, at) => {
      head.setAttribute("aria-selected", String(at === selected));
      head.tabIndex = at === selected ? 0 : -1;
      panels[at].hidden = at !== selected;
    });
    if (panels[selected].childNodes.length === 0) fill(panels[selected], all[selected].show());
  }

  /** @param {KeyboardEvent} event */
  function move(event) {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = destination(step);
    choose(next);
    heads[next].focus();
  }

  /** @param {number} step */
  function destination(step) {
    if (Number.isFinite(step)) return (selected + step + heads.length) % heads.length;
    return step > 0 ? heads.length - 1 : 0;
  }
}

/**
 * @param {string} words
 * @param {HTMLElement} panel
 * @param {() => void} click
 */
const tab = (words, panel, click) =>
  h("button", { type: "button", role: "tab", id: newId("tab"), "aria-controls": panel.id, click }, words);
