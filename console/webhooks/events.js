// @ts-check
// The events of webhooks: their choice, and the pages of what they are about.

/** @import { Content, Delivery, SubscribableEvent } from "../types.js" */

import { batchLink } from "../batches/links.js";
import { fill, h, newId } from "../dom.js";
import { shortId } from "../execution_names.js";
import { href } from "../router.js";
import { called, say } from "../words.js";

/**
 * The events of the API to which a webhook can be subscribed.
 * @type {SubscribableEvent[]}
 */
export const EVENTS = [
  "execution.succeeded",
  "execution.failed",
  "batch.finished",
  "replay.finished",
  "alias.moved",
  "job.finished",
];

/** Boxes for the events, each with a sentence about it. `refuse` shows a message about the choice. */
export function eventsField() {
  const message = h("p", { class: "bad", role: "alert", id: newId("message") });
  const boxes = EVENTS.map((event) => box(event, message.id));
  const element = h(
    "fieldset",
    { class: "events" },
    h("legend", {}, say("webhook.events")),
    boxes.map(({ element: one }) => one),
    message,
  );
  element.addEventListener("change", () => refuse(null));
  return {
    element,
    read: () => EVENTS.filter((_, at) => boxes[at].input.checked),
    /** @param {readonly string[]} events */
    write: (events) => {
      for (const { input } of boxes) input.checked = events.includes(input.value);
    },
    refuse,
    focus: () => boxes[0].input.focus(),
  };

  /** @param {Content} content */
  function refuse(content) {
    for (const { input } of boxes) input.ariaInvalid = String(Boolean(content));
    fill(message, content);
  }
}

/**
 * @param {SubscribableEvent} event
 * @param {string} message
 */
function box(event, message) {
  const [id, about] = [newId("event"), newId("about")];
  const input = h("input", { id, type: "checkbox", value: event, "aria-describedby": `${about} ${message}` });
  const element = h(
    "div",
    { class: "event" },
    input,
    h("label", { for: id }, called("event", event), " ", h("code", { class: "quiet" }, event)),
    h("p", { class: "quiet", id: about }, say(`event-about.${event}`)),
  );
  return { input, element };
}

/** @param {string} id */
const jobLink = (id) => h("a", { href: href(["jobs", id]), title: id }, h("code", {}, shortId(id)));

/**
 * A link to what an event is about.
 * @param {Delivery["payload"]} message
 * @returns {Content}
 */
export function subjectOf({ type, data }) {
  switch (type) {
    case "execution.succeeded":
    case "execution.failed":
      return [
        data.script.name,
        " · ",
        h(
          "a",
          { href: href(["executions", data.execution]), title: data.execution },
          h("code", {}, shortId(data.execution)),
        ),
      ];
    case "batch.finished":
      return [data.script.name, " · ", say("batch"), " ", batchLink(data.batch)];
    case "replay.finished":
      return [
        data.script.name,
        " · ",
        h("a", { href: href(["scripts", data.script.id, "replays", data.version, data.replay]) }, say("audit.replay")),
      ];
    case "job.finished":
      return [data.script.name, " · ", say("audit.job"), " ", jobLink(data.job)];
    case "alias.moved":
      return [h("a", { href: href(["scripts", data.script.id]) }, data.script.name), " · ", h("bdi", {}, data.alias)];
    default:
      return null;
  }
}
