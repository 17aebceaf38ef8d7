// @ts-check
// Texts of the API, in which backticks mark code.

/** @import { Content } from "../types.js" */

import { h } from "../dom.js";

/**
 * A text with its code marked up.
 * @param {string} text
 * @returns {Content[]}
 */
export const withCode = (text) =>
  text.split(/`([^`]+)`/).map((part, index) => (index % 2 ? h("code", {}, part) : part));
