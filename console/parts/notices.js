// @ts-check
// Messages below the heading of a view: what was done, and which draft was restored. They stay until the next view.

/** @import { Content } from "../types.js" */

import { fill, h } from "../dom.js";

/** The region of the messages. It outlives the views, so that screen readers announce its changes. */
export const notices = h("div", { class: "notices", role: "status", tabindex: "-1" });

/** @typedef {() => Content} Message A function, because the language can change while it is shown. */

/** @type {Message[]} */
let shown = [];
/** @type {Message[]} */
let next = [];

/**
 * Show a message with the next view.
 * @param {Message} message
 */
export function notifyNext(message) {
  next.push(message);
}

/**
 * Show a message in place of those of the view.
 * @param {Message} message
 */
export function notify(message) {
  shown = [message];
  fill(notices, paragraph(message()));
}

/**
 * Show the messages for a view that was put on the page: those that wait for it, and its own.
 * @param {{ notice?: Content, isSameView: boolean }} view
 */
export function showNotices({ notice, isSameView }) {
  if (!isSameView || next.length > 0) [shown, next] = [next, []];
  fill(
    notices,
    shown.map((message) => paragraph(message())),
    notice && paragraph(notice),
  );
}

/** @param {Content} content */
const paragraph = (content) => h("p", { class: "note" }, content);
