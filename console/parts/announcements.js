// @ts-check
// Announcements for screen readers of states that can change with each key.

import { fill, h } from "../dom.js";

const QUIET_MS = 1_000;

/**
 * A region that announces texts. `now` announces at once, also the same text again; `later` announces the last of several
 * texts after a pause, and not the one that was announced before.
 */
export function announcements() {
  const element = h("span", { class: "visually-hidden", role: "status" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let last = "";
  /** @param {string} text */
  const announce = (text) => {
    last = text;
    fill(element, h("span", {}, text)); // another node, so that the same text is announced again
  };
  return {
    element,
    /** @param {string} text */
    now: (text) => {
      clearTimeout(timer);
      announce(text);
    },
    /** @param {string} text */
    later: (text) => {
      clearTimeout(timer);
      timer = setTimeout(() => text !== last && announce(text), QUIET_MS);
    },
  };
}
