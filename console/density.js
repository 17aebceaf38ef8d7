// @ts-check
// The height of rows: compact, or comfortable for this tab.

import { storedName } from "./root.js";

const NAME = storedName("density");
const COMFORTABLE = "comfortable";

export const isCompact = () => sessionStorage.getItem(NAME) !== COMFORTABLE;

/** @param {boolean} wanted */
export function setCompact(wanted) {
  if (wanted) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, COMFORTABLE);
  applyDensity();
}

/** Give the page the rows that this tab has. */
export function applyDensity() {
  if (isCompact()) document.documentElement.removeAttribute("data-density");
  else document.documentElement.setAttribute("data-density", COMFORTABLE);
}
