// @ts-check
// The dialog that rotates the signing secret of a webhook.

import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { choice } from "../parts/field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { showDialog } from "../results/dialog.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { rotateSecret } from "./requests.js";
import { showSecretOnce } from "./secret.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/**
 * @param {string} id
 * @param {AbortSignal} signal
 */
export function rotationDialog(id, signal) {
  const overlap = choice(
    say("webhook.overlap"),
    [
      [DAY, say("webhook.overlap.day")],
      [HOUR, say("webhook.overlap.hour")],
      [7 * DAY, say("webhook.overlap.week")],
      [0, say("webhook.overlap.none")],
    ],
    { value: DAY, choose: () => button.classList.toggle("danger", overlap.input.value === "0") },
  );
  const { errorArea, attempt } = withErrorDisplay();
  const rotate = async () => {
    showSecretOnce(await rotateSecret(id, Number(overlap.input.value)));
    notifyNext(() => say("webhook.rotated"));
    dialog.close();
    reload();
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, rotate));
  };
  const button = h("button", { class: "primary" }, say("webhook.rotate.do"));
  const form = h(
    "form",
    { submit },
    h("p", {}, say("webhook.rotate.about")),
    overlap.element,
    errorArea,
    h("div", { class: "row" }, button, h("button", { type: "button", click: () => dialog.close() }, say("key.cancel"))),
  );
  const dialog = showDialog(say("webhook.rotate.title"), form, signal);
  overlap.input.focus();
}
