// @ts-check
// Messages of a view: a draft that was restored, below its heading, and confirmations of what was done, which are shown in a
// corner for a while and block nothing.

/** @import { Content } from "../types.js" */

import { fill, h } from "../dom.js";
import { say } from "../words.js";

const SHOWN_MS = 12_000;

const own = h("div");
const toasts = h("div", { class: "toasts" });

/** The region of the messages. It outlives the views, so that screen readers announce its changes. */
export const notices = h("div", { class: "notices", role: "status", tabindex: "-1" }, own, toasts);

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
  fill(own);
  fill(toasts, toast(message));
}

/**
 * Show the messages for a view that was put on the page: those that wait for it, and its own.
 * @param {{ notice?: Content, isSameView: boolean }} view
 */
export function showNotices({ notice, isSameView }) {
  if (!isSameView || next.length > 0) [shown, next] = [next, []];
  fill(own, notice && h("p", { class: "note" }, notice));
  fill(toasts, shown.map(toast));
}

/**
 * A message that goes by itself, unless something can be done with it or it is being read.
 * @param {Message} message
 */
function toast(message) {
  const content = h("div", {}, message());
  const dismiss = () => {
    const hadFocus = element.contains(document.activeElement);
    shown = shown.filter((one) => one !== message);
    element.remove();
    if (hadFocus) notices.focus();
  };
  const button = h("button", {
    type: "button",
    class: "small dismiss",
    "aria-label": say("notice.dismiss"),
    click: dismiss,
  });
  const element = h("div", { class: "toast" }, content, button);
  const isInUse = () => element.matches(":hover, :focus-within");
  const leave = () => {
    if (isInUse()) later();
    else if (element.isConnected) dismiss();
  };
  const later = () => setTimeout(leave, SHOWN_MS);
  if (!content.querySelector("a, button")) later();
  return element;
}
