// @ts-check
// The fields of a webhook. What the API refuses is shown at the field that it is about.

/** @import { Content, Entered, NewWebhook, ProblemError, SubscribableEvent } from "../types.js" */

import { Refused } from "../api.js";
import { h } from "../dom.js";
import { withCode } from "../parts/code.js";
import { say } from "../words.js";
import { EVENTS, eventsField } from "./events.js";
import { scriptsField } from "./scripts_field.js";
import { descriptionField, urlField } from "./text_fields.js";

/** @typedef {Required<Pick<NewWebhook, "url" | "events" | "description">> & { scripts: string[] | null }} WebhookFields */

/** @typedef {{ refuse: (content: Content) => void, focus: () => void }} Refusable */

/**
 * The fields; `changed` is called after a change that is no event of theirs.
 * @param {string[]} names The names of scripts to suggest.
 * @param {() => void} changed
 */
export function webhookFields(names, changed) {
  const url = urlField();
  const events = eventsField();
  const scripts = scriptsField(names, changed);
  const description = descriptionField();
  /** @type {Record<string, Refusable>} */
  const fields = { url, events, scripts, description };
  const element = [url, events, scripts, description].map((one) => one.element);
  return { element, values, fillIn, read, write, isComplete, refuse };

  /** @returns {WebhookFields} */
  function values() {
    return {
      url: url.input.value.trim(),
      events: events.read(),
      scripts: scripts.read(),
      description: description.input.value,
    };
  }

  /** @param {WebhookFields} webhook */
  function fillIn(webhook) {
    url.input.value = webhook.url;
    events.write(webhook.events);
    scripts.write(webhook.scripts);
    description.input.value = webhook.description;
  }

  /** The content of the fields as texts, for a draft. */
  function read() {
    const { events: wanted, scripts: chosen, ...texts } = values();
    return { ...texts, events: wanted.join(" "), scripts: chosen ? ["some", ...chosen].join("\n") : "" };
  }

  /** @param {Entered} entered */
  function write({ url: address, events: wanted, scripts: chosen, description: about }) {
    const [isSome, ...some] = String(chosen ?? "")
      .split("\n")
      .filter(Boolean);
    fillIn({
      url: String(address ?? ""),
      events: EVENTS.filter((event) =>
        String(wanted ?? "")
          .split(" ")
          .includes(event),
      ),
      scripts: isSome ? some : null,
      description: String(about ?? ""),
    });
  }

  /** Tells whether nothing is missing; otherwise shows what is. */
  function isComplete() {
    clear();
    const { events: wanted, scripts: chosen } = values();
    /** @type {Refusable[]} */
    const missing = [];
    if (wanted.length === 0) missing.push(shown(events, say("webhook.events.none")));
    if (chosen?.length === 0) missing.push(shown(scripts, say("webhook.scripts.none")));
    missing[0]?.focus();
    return missing.length === 0;
  }

  /**
   * Show the errors of a refusal at their fields. Returns false if one of them belongs to none.
   * @param {unknown} error
   */
  function refuse(error) {
    clear();
    const errors = error instanceof Refused ? (error.problem.errors ?? []) : [];
    const names = errors.map(({ pointer }) => /^\/(\w+)/.exec(pointer ?? "")?.[1] ?? "");
    const refused = Object.entries(fields).filter(([name]) => names.includes(name));
    const sent = values().scripts ?? [];
    for (const [name, one] of refused)
      one.refuse(errors.filter((_, at) => names[at] === name).map((each) => messageOf(each, sent)));
    const isPlaced = errors.length > 0 && names.every((name) => Object.hasOwn(fields, name));
    if (isPlaced) refused[0]?.[1].focus();
    return isPlaced;
  }

  function clear() {
    for (const one of Object.values(fields)) one.refuse(null);
  }
}

/**
 * @param {Refusable} one
 * @param {string} text
 */
function shown(one, text) {
  one.refuse(text);
  return one;
}

/**
 * An error of the API in words, with the script that it is about.
 * @param {ProblemError} error
 * @param {string[]} scripts
 */
function messageOf({ detail, hint, pointer }, scripts) {
  const [, at] = /^\/scripts\/(\d+)$/.exec(pointer ?? "") ?? [];
  return h(
    "span",
    { class: "fault" },
    at !== undefined && [h("bdi", {}, scripts[Number(at)]), ": "],
    withCode(detail),
    hint && h("span", { class: "quiet hint" }, withCode(hint)),
  );
}

/**
 * The members of a webhook that differ from those of another state of it: a change of the others by somebody else stays.
 * @param {WebhookFields} before
 * @param {WebhookFields} after
 * @returns {Partial<WebhookFields>}
 */
export function changesOf(before, after) {
  const isSame = (/** @type {unknown} */ left, /** @type {unknown} */ right) =>
    JSON.stringify(left) === JSON.stringify(right);
  const changed = Object.entries(after).filter(
    ([name, value]) => !isSame(before[/** @type {keyof WebhookFields} */ (name)], value),
  );
  return Object.fromEntries(changed);
}

/**
 * The fields of a webhook of the API, in the order of the form.
 * @param {{ url: string, events: SubscribableEvent[], scripts: { name: string }[] | null, description: string }} webhook
 * @returns {WebhookFields}
 */
export const fieldsOf = ({ url, events, scripts, description }) => ({
  url,
  events: EVENTS.filter((event) => events.includes(event)),
  scripts: scripts?.map(({ name }) => name) ?? null,
  description,
});
