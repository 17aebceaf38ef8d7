// The API key. It is kept for this tab alone: another tab asks again, and closing this one forgets it.

import { storedName } from "./root.js";

const NAME = storedName("key");

export const key = () => sessionStorage.getItem(NAME);

/** Remember a key; an empty one forgets it. */
export function setKey(text) {
  if (text) sessionStorage.setItem(NAME, text);
  else sessionStorage.removeItem(NAME);
}

/** The headers that say who asks. */
export const credentials = () => (key() ? { Authorization: `Bearer ${key()}` } : {});
