// @ts-check
// Addresses of the guide, in the language of the console.

import { addressOf } from "./root.js";
import { language, say } from "./words.js";

/** The sections for operators that solve problems, with the names of their anchors, which differ between languages. */
const SECTIONS = /** @type {const} */ ({
  ready: "guide.ready",
  workers: "guide.workers",
  queue: "guide.queue",
  disk: "guide.disk",
  backup: "guide.backup",
  keys: "guide.keys",
});

/** @typedef {keyof typeof SECTIONS} Section */

/** The address of the guide's contents. */
export const guideAddress = () => addressOf(`guide?lang=${language}`);

/**
 * The address of a section of the page for operators.
 * @param {Section} section
 */
export const operateAddress = (section) =>
  addressOf(`guide/operate?lang=${language}#${encodeURIComponent(say(SECTIONS[section]))}`);
