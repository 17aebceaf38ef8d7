// @ts-check
// A transfer as it is shown: its progress, its rate, and buttons to pause, resume and cancel it.

/** @import { Transfer, TransferState } from "./transfer.js" */

import { paceMeter } from "../batches/pace.js";
import { fill, h } from "../dom.js";
import { duration, size } from "../formats.js";
import { refusal } from "../parts/refusal.js";
import { called, say } from "../words.js";

/**
 * @param {Transfer} transfer
 * @param {{ signal: AbortSignal, onDone: () => unknown, onGone: () => unknown }} options `onGone`: the box was removed.
 */
export function uploadBox(transfer, { signal, onDone, onGone }) {
  const { file, now } = transfer;
  const name = file.name;
  const bar = h("progress", { max: file.size || 1, value: 0, "aria-label": say("upload.progress", { name }) });
  const status = h("span", { role: "status" });
  const numbers = h("span", { class: "quiet" });
  const trouble = h("div");
  const buttons = {
    pause: button(say("upload.pause"), transfer.pause),
    resume: button(say("upload.resume"), transfer.resume),
    replace: button(say("upload.replace"), transfer.replace),
    cancel: button(say("upload.cancel"), () => {
      transfer.cancel();
      close();
    }),
    dismiss: button(say("upload.dismiss"), () => {
      transfer.dismiss();
      close();
    }),
  };
  const pace = paceMeter();
  /** @type {TransferState | undefined} */
  let shown;
  const element = h(
    "section",
    { class: "upload", "aria-label": say("upload.progress", { name }), tabindex: "-1" },
    h("div", { class: "row" }, h("strong", { class: "name" }, h("bdi", {}, name)), status),
    bar,
    h("div", { class: "row" }, numbers, Object.values(buttons)),
    trouble,
  );
  transfer.watch(show, signal);
  show();
  return element;

  function close() {
    element.remove();
    onGone();
  }

  function show() {
    bar.value = now.state === "done" ? bar.max : now.sent;
    const text = say("job.done-of", { done: size(now.sent), total: size(file.size) });
    const measured = now.state === "running" ? pace(now.sent, file.size, performance.now()) : null;
    const left = measured && measured.leftMs > 0 && duration(Math.ceil(measured.leftMs / 1_000) * 1_000);
    const rate = measured && say("job.rate", { rate: size(measured.perSecond) });
    const texts = [text, rate, left && say("job.left", { time: left }), now.isContinued && say("upload.continued")];
    fill(numbers, texts.filter(Boolean).join(" · "));
    if (now.state !== shown) showState(now.state);
  }

  /** @param {TransferState} state */
  function showState(state) {
    const before = shown;
    shown = state;
    const hadFocus = element.contains(document.activeElement);
    fill(status, called("uploading", state));
    status.className = state === "done" ? "good" : state === "failed" || state === "lost" ? "bad" : "quiet";
    buttons.pause.hidden = !transfer.isResumable || (state !== "running" && state !== "lost");
    buttons.resume.hidden = state !== "paused" && state !== "failed";
    fill(buttons.resume, say(state === "failed" ? "upload.again" : "upload.resume"));
    buttons.replace.hidden = state !== "asking";
    buttons.cancel.hidden = state === "done";
    buttons.dismiss.hidden = state !== "done";
    fill(
      trouble,
      state === "asking" && h("p", { class: "note" }, say("upload.exists")),
      state === "failed" && refusal(now.error, transfer.resume),
    );
    if (hadFocus && document.activeElement === document.body) element.focus({ preventScroll: true });
    if (state === "done" && before !== undefined) onDone();
  }
}

/**
 * @param {string} words
 * @param {() => unknown} click
 */
const button = (words, click) => h("button", { type: "button", class: "small", click }, words);
