// @ts-check
// The time zone of times, and of fields for them: the reader's, or UTC for this tab.

import { storedName } from "./root.js";

const NAME = storedName("zone");
const UTC = "UTC";

export const isUtc = () => sessionStorage.getItem(NAME) === UTC;

/** @param {boolean} wanted */
export function setUtc(wanted) {
  if (wanted) sessionStorage.setItem(NAME, UTC);
  else sessionStorage.removeItem(NAME);
}
