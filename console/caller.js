// @ts-check
// What the reader may do: the scopes of this tab's API key, which the service is asked for once per key. An element that
// leads to something that needs a scope names it in `data-needs`; the style hides it unless the root of the page has that
// scope in `data-scopes`. If the scopes cannot be had, nothing is hidden: the service itself refuses what is not allowed.

/** @import { Caller } from "./types.js" */

import { get, pathOf } from "./api.js";
import { apiKey } from "./api_key.js";

/** @type {{ key: string | null, caller: Promise<Caller | null> } | undefined} */
let known;

/** The access of this tab; null if it is not known. */
export function caller() {
  const key = apiKey();
  if (known?.key !== key) known = { key, caller: ask() };
  return known.caller;
}

async function ask() {
  try {
    /** @type {Caller} */
    const answer = await get(pathOf(["me"]));
    return answer;
  } catch {
    known = undefined; // to be asked again with the next view
    return null;
  }
}

/** Hide what this tab's key does not allow, on the page and in what is shown later. */
export async function hideForbidden() {
  const key = apiKey();
  const access = await caller();
  if (key !== apiKey()) return; // another call follows
  const root = document.documentElement;
  if (access) root.setAttribute("data-scopes", access.scopes.join(" "));
  else root.removeAttribute("data-scopes");
}
