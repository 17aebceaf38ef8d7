// @ts-check
// A delivery of a webhook: its event, its last attempt, and the message that is sent.

/** @import { Content, Delivery, View, ViewContext, Webhook } from "../types.js" */

import { get } from "../api.js";
import { h } from "../dom.js";
import { clock, count, duration } from "../formats.js";
import { copyableId, copyableText } from "../parts/copy.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { lostNote } from "../parts/follow.js";
import { notify } from "../parts/notices.js";
import { submit } from "../parts/submission.js";
import { datedAge, dateTime } from "../parts/time.js";
import { visible } from "../results/visible.js";
import { href } from "../router.js";
import { subjectOf } from "../webhooks/events.js";
import { hostOf } from "../webhooks/names.js";
import { refill } from "../webhooks/refill.js";
import { deliveryPath, redeliver, webhookPath } from "../webhooks/requests.js";
import { deliveryBadge, nextAttempt, outcomeOf } from "../webhooks/status.js";
import { watch } from "../webhooks/watch.js";
import { called, say } from "../words.js";

/**
 * @param {ViewContext<"webhook" | "delivery">} context
 * @returns {Promise<View>}
 */
export async function view({ webhook: id, delivery, signal }) {
  const path = deliveryPath(id, delivery);
  /** @type {[Webhook, Delivery]} */
  const [webhook, first] = await Promise.all([get(webhookPath(id), { signal }), get(path, { signal })]);
  const [status, facts, lost, attemptMade] = ["span", "div", "div", "div"].map((name) =>
    h(/** @type {"div" | "span"} */ (name)),
  );
  const { errorArea, attempt } = withErrorDisplay();
  /** @param {Delivery} now */
  const show = (now) => {
    refill(status, deliveryBadge(now));
    refill(facts, factsOf(now));
    refill(attemptMade, attemptOf(now));
  };
  const look = async () => {
    /** @type {Delivery} */
    const now = await get(path, { signal });
    show(now);
    return now.status === "pending";
  };
  const sendAgain = async () => {
    show(await redeliver(id, delivery));
    notify(() => say("delivery.sent-again"));
    hasten();
  };
  /** @type {HTMLButtonElement} */
  const button = h(
    "button",
    { type: "button", "data-needs": "scripts:write", click: () => attempt(() => submit(button, sendAgain)) },
    say("delivery.send-again"),
  );
  const { hasten } = watch({ look, lost: (error) => refill(lost, error && lostNote(error)), signal });
  show(first);
  const back = h("a", { href: href(["webhooks", id]) }, say("webhook.title", { host: hostOf(webhook.url) }));
  const again = h("p", { class: "quiet" }, say("delivery.send-again.about"));
  return {
    title: say("delivery.title", { event: called("event", first.event), at: clock(first.created_at) }),
    body: [
      h("div", { class: "row" }, status, back, copyableId(delivery)),
      facts,
      lost,
      h("div", { class: "row" }, button, again),
      errorArea,
      attemptMade,
      h("h2", {}, say("delivery.message")),
      h("p", { class: "quiet" }, say("delivery.message.about")),
      copyableText(JSON.stringify(first.payload, null, 2)),
    ],
  };
}

/** @param {Delivery} delivery */
function factsOf(delivery) {
  const { event, created_at, attempts, due_at: due, payload } = delivery;
  /** @type {[string, Content][]} */
  const facts = [
    [say("delivery.event"), [called("event", event), " ", h("code", { class: "quiet" }, event)]],
    [say("delivery.subject"), subjectOf(payload)],
    [say("delivery.at"), datedAge(created_at)],
    [say("delivery.attempts"), count(attempts)],
    [say("delivery.next"), due && [nextAttempt(delivery), " · ", dateTime(due)]],
  ];
  return list(facts);
}

/**
 * The last attempt: either the response, or the reason why there was none.
 * @param {Delivery} delivery
 * @returns {Content}
 */
function attemptOf(delivery) {
  const { last } = delivery;
  const heading = h("h2", {}, say("delivery.last"));
  if (!last) return [heading, h("p", { class: "quiet" }, say("delivery.last.none"))];
  const { at, duration_ms, fault, detail, status, response } = last;
  return [
    heading,
    list([
      [say("audit.at"), dateTime(at)],
      [say("delivery.duration"), duration(duration_ms)],
      [fault ? say("delivery.fault") : say("delivery.response"), outcomeOf(delivery)],
      [say("delivery.detail"), detail && visible(detail)],
    ]),
    fault && h("p", { class: "note" }, say(`sending-about.${fault}`)),
    status !== null && h("p", {}, say(meaningOf(status))),
    response && [h("h3", {}, say("delivery.response.text")), h("pre", { tabindex: "0" }, response)],
  ];
}

/** @param {number} status */
function meaningOf(status) {
  if (status >= 200 && status < 300) return "delivery.accepted";
  if (status === 410) return "delivery.gone";
  return status >= 300 && status < 400 ? "delivery.redirected" : "delivery.refused";
}

/** @param {[string, Content][]} facts */
const list = (facts) =>
  h(
    "dl",
    {},
    facts.filter(([, content]) => content).map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
