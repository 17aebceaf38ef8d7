// @ts-check
// A table of webhooks, newest first: of all, or those that get the events of a script.

/** @import { Content, Query, Webhook } from "../types.js" */

import { pathOf } from "../api.js";
import { h } from "../dom.js";
import { count } from "../formats.js";
import { pagedTable, secondary } from "../parts/paged_table.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { called, say } from "../words.js";
import { EVENTS } from "./events.js";
import { healthOf, webhookBadge } from "./status.js";

/** The address of the list. */
export const PARTS = ["webhooks"];

const MOST_NAMES = 3;

/**
 * @param {Query} query
 * @param {Content} empty
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export const webhookList = ({ script }, empty, signal) =>
  pagedTable({
    pathAt: (cursor) => pathOf(PARTS, { cursor }),
    heads: [
      say("webhook.url"),
      secondary(say("webhook.events")),
      secondary(say("webhook.scripts")),
      say("status"),
      say("webhook.pending"),
      secondary(say("script.since")),
    ],
    cells,
    keep: (webhook) => !script || concerns(webhook, String(script)),
    caption: say("webhooks"),
    empty: script ? empty : introduction(),
    signal,
  });

/**
 * Tells whether a webhook gets the events of a script.
 * @param {Pick<Webhook, "scripts">} webhook
 * @param {string} script Its name or its id.
 */
const concerns = ({ scripts }, script) => scripts?.some(({ id, name }) => script === id || script === name) ?? true;

/** The purpose of webhooks, in place of an empty list. */
const introduction = () =>
  h(
    "div",
    { class: "first" },
    h("h2", {}, say("webhooks.none")),
    h("p", {}, say("webhooks.purpose")),
    h("p", {}, say("webhooks.purpose.messages")),
  );

/**
 * @param {Webhook} webhook
 * @returns {Content[]}
 */
const cells = (webhook) => [
  [
    h("a", { class: "url", href: href(["webhooks", webhook.id]) }, webhook.url),
    webhook.description && h("div", { class: "quiet" }, h("bdi", { class: "text" }, firstLine(webhook.description))),
  ],
  secondary(
    EVENTS.filter((event) => webhook.events.includes(event)).map((event) => h("div", {}, called("event", event))),
  ),
  secondary(scriptLinks(webhook, MOST_NAMES)),
  h("div", { class: "health-of" }, webhookBadge(webhook), h("div", {}, healthOf(webhook))),
  count(webhook.pending),
  secondary(relativeTime(webhook.created_at)),
];

/** @param {string} text */
const firstLine = (text) => text.trim().split("\n", 1)[0];

/**
 * Links to the scripts of a webhook, or that it gets the events of all.
 * @param {Pick<Webhook, "scripts">} webhook
 * @param {number} [most] The most that are named.
 * @returns {Content}
 */
export function scriptLinks({ scripts }, most = Number.POSITIVE_INFINITY) {
  if (!scripts) return say("webhook.scripts.all");
  const named = scripts.slice(0, most);
  return [
    named.map(({ id, name }, at) => [at > 0 && ", ", h("a", { href: href(["scripts", id]) }, name)]),
    scripts.length > most && `, +${count(scripts.length - most)}`,
  ];
}
