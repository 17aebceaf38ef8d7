// @ts-check
// Texts that change with the time.

import { fill, h } from "../dom.js";

const TICK_MS = 1_000;

/**
 * A text that is made anew each second, until the signal aborts.
 * @param {() => string} text
 * @param {AbortSignal} signal
 */
export function ticking(text, signal) {
  const element = h("span", {}, text());
  const tick = () => {
    const now = text();
    if (element.textContent !== now) fill(element, now);
  };
  const timer = setInterval(tick, TICK_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
  return element;
}
