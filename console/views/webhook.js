// @ts-check
// A webhook: its facts, the actions on it, and its deliveries.

/** @import { Content, View, ViewContext, Webhook } from "../types.js" */

import { get } from "../api.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { copyableId } from "../parts/copy.js";
import { lostNote } from "../parts/follow.js";
import { datedAge, dateTime } from "../parts/time.js";
import { href } from "../router.js";
import { actionsOf } from "../webhooks/actions.js";
import { deliveriesOf } from "../webhooks/deliveries.js";
import { EVENTS } from "../webhooks/events.js";
import { scriptLinks } from "../webhooks/list.js";
import { hostOf } from "../webhooks/names.js";
import { refill } from "../webhooks/refill.js";
import { sendTest, webhookPath } from "../webhooks/requests.js";
import { secretOf } from "../webhooks/secret.js";
import { healthOf, isAhead, webhookBadge } from "../webhooks/status.js";
import { testDelivery } from "../webhooks/test_delivery.js";
import { verification } from "../webhooks/verification.js";
import { watch } from "../webhooks/watch.js";
import { called, say } from "../words.js";

/**
 * @param {ViewContext<"webhook">} context
 * @returns {Promise<View>}
 */
export async function view({ webhook: id, signal }) {
  /** @type {Webhook} */
  const first = await get(webhookPath(id), { signal });
  const secret = secretOf(id, signal);
  const [status, about, facts, lost, actions] = ["span", "div", "div", "div", "div"].map((name) =>
    h(/** @type {"div" | "span"} */ (name)),
  );
  const test = testDelivery(id, signal);
  const deliveries = deliveriesOf(id, signal);
  /** @type {string | undefined} */
  let shown;
  /** @param {Webhook} webhook */
  const show = (webhook) => {
    refill(status, webhookBadge(webhook));
    refill(about, aboutDisabled(webhook));
    refill(facts, factsOf(webhook));
    if (webhook.status !== shown) fill(actions, actionsOf(webhook, startTest, signal)); // otherwise it keeps the focus
    shown = webhook.status;
  };
  const look = async () => {
    /** @type {Webhook} */
    const now = await get(webhookPath(id), { signal });
    show(now);
    const pending = await Promise.all([test.look(), deliveries.look()]);
    return now.pending > 0 || pending.some(Boolean);
  };
  const { hasten } = watch({ look, lost: (error) => refill(lost, error && lostNote(error)), signal });
  show(first);
  const head = h(
    "div",
    { class: "row" },
    status,
    h("a", { href: href(["webhooks"]) }, say("webhooks.all")),
    copyableId(id),
  );
  return {
    title: say("webhook.title", { host: hostOf(first.url) }),
    body: [
      head,
      secret,
      first.description && h("p", {}, h("bdi", { class: "text" }, first.description)),
      about,
      facts,
      lost,
      actions,
      test.element,
      !secret && verification(false),
      h("h2", {}, say("deliveries")),
      deliveries.element,
    ],
  };

  async function startTest() {
    test.show(await sendTest(id));
    deliveries.reload();
    hasten();
  }
}

/**
 * What a disabled webhook needs.
 * @param {Webhook} webhook
 * @returns {Content}
 */
const aboutDisabled = ({ disabled }) =>
  disabled && h("p", { class: "note" }, say(`disabling-about.${disabled.reason}`), " ", say("webhook.disabled.about"));

/** @param {Webhook} webhook */
function factsOf(webhook) {
  const { url, events, pending, created_at, created_by, former_secret_until: former } = webhook;
  /** @type {[string, Content][]} */
  const facts = [
    [say("webhook.url"), h("span", { class: "url" }, url)],
    [
      say("webhook.events"),
      EVENTS.filter((event) => events.includes(event))
        .map((event) => called("event", event))
        .join(", "),
    ],
    [say("webhook.scripts"), scriptLinks(webhook)],
    [say("webhook.health"), healthOf(webhook)],
    [say("webhook.pending"), count(pending)],
    [say("script.since"), [datedAge(created_at), created_by && [" · ", h("bdi", {}, created_by)]]],
    [say("webhook.former-secret"), former && isAhead(former) && dateTime(former)],
  ];
  return h(
    "dl",
    {},
    facts.filter(([, content]) => content).map(([words, content]) => [h("dt", {}, words), h("dd", {}, content)]),
  );
}
