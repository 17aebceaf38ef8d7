// @ts-check
// Aliases as badges.

import { h } from "../dom.js";

/** @param {string[]} names */
export const aliasBadges = (names) => names.map((name) => [" ", h("span", { class: "badge alias" }, name)]);
