// @ts-check
// The state of an API key, and its scopes.

/** @import { ApiKey } from "../types.js" */

import { h } from "../dom.js";
import { say } from "../words.js";

/**
 * @param {ApiKey} key
 * @param {number} [now] In milliseconds since 1970.
 */
export const isValid = ({ revoked_at: revoked, expires_at: expires }, now = Date.now()) =>
  revoked === null && (expires === null || now < Date.parse(expires));

/** @param {ApiKey} key */
export function stateBadge(key) {
  if (isValid(key)) return h("span", { class: "badge succeeded" }, say("keys.valid"));
  return h("span", { class: "badge" }, say(key.revoked_at ? "keys.revoked" : "keys.expired"));
}

/**
 * The role of a key, or its scopes if they are those of none.
 * @param {ApiKey} key
 */
export const grantOf = ({ role, scopes }) =>
  h("span", { title: scopes.join(", ") }, role ?? h("span", { class: "scopes" }, scopes.join(", ")));
