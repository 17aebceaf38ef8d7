// @ts-check
// A version's source that can be tried where it is shown.

/** @import { Mark, Version } from "../types.js" */

import { fill, h } from "../dom.js";
import { say } from "../words.js";
import { tryPanel } from "./try_panel.js";
import { workbench } from "./workbench.js";

/**
 * The source, and a button that opens the panel beside it.
 * @param {{ element: HTMLElement, text: () => string, mark: (marks: Mark[], options: { isRevealed: boolean }) => void }} source
 * @param {{ script: string, version: Version, signal: AbortSignal }} options
 */
export function triedSource(source, { script, version: { number, engine, limits }, signal }) {
  const open = () => {
    const panel = tryPanel({
      script,
      source: () => ({ source: source.text(), engine, limits }),
      mark: (marks) => source.mark(marks, { isRevealed: false }),
      signal,
    });
    fill(element, workbench(source.element, panel));
    panel.focus();
  };
  const words = say("try.version", { number });
  const button = h("p", {}, h("button", { type: "button", "data-needs": "scripts:write", click: open }, words));
  const element = h("div", {}, source.element, button);
  return element;
}
