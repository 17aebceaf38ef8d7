// @ts-check
// Keeps what is entered in a form as a draft, and restores it when the form is shown again.

/** @import { Draft, Entered, Origin } from "../types.js" */

import { h } from "../dom.js";
import { draftsIn, isSame } from "../drafts.js";
import { moment } from "../formats.js";
import { STORED_PREFIX, STORED_SUFFIX } from "../root.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { notify, notifyNext } from "./notices.js";
import { isSubmitting } from "./submission.js";

const SAVE_AFTER_MS = 500;

const drafts = draftsIn(sessionStorage, { prefix: `${STORED_PREFIX}draft:`, suffix: STORED_SUFFIX });

/**
 * A form on the page: `save` keeps its draft, `error` is the error that it displays.
 * @typedef {{ save: () => void, error: () => unknown, isRestored: boolean, isLeft: boolean }} OpenForm
 */

/** @type {Map<string, OpenForm>} */
const open = new Map();

/**
 * The keys of drafts that were reported as too large.
 * @type {Set<string>}
 */
const reported = new Set();

/**
 * @typedef {object} DraftOptions
 * @property {string} key The page and the script of the form.
 * @property {() => Entered} read The content of the form.
 * @property {(entered: Entered) => void} write Fills the form.
 * @property {() => unknown} error The error that the form displays.
 * @property {Origin} [origin] Facts about the form's beginning, kept with its draft.
 * @property {(time: string, origin: Origin) => string} [describe] The message about a restored draft.
 * @property {AbortSignal} signal
 */

/**
 * Restore the draft of a form, and keep what is entered from now on. Call `changed` after a change, and `settle` with what
 * was sent once the request has succeeded. `notice` is the message about a restored draft. If the form replaces itself in
 * another language, `error` is the error that it displayed.
 * @param {DraftOptions} options
 */
export function keepDraft({ key, read, write, error, origin = {}, describe = restoredDraft, signal }) {
  const initial = read();
  const former = open.get(key);
  former?.save();
  const draft = restore();
  /** @type {OpenForm} */
  const form = { save, error, isRestored: draft !== undefined && (former?.isRestored ?? true), isLeft: false };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  if (!signal.aborted) {
    open.set(key, form);
    signal.addEventListener("abort", leave, { once: true });
  }
  return {
    notice: draft && form.isRestored && [describe(moment(draft.at), draft.origin), " · ", discardButton(key)],
    origin: draft?.origin ?? origin,
    error: former?.error(),
    changed,
    settle,
  };

  function restore() {
    const found = drafts.read(key);
    if (found && isSame(found.entered, initial)) return void drafts.remove(key);
    if (found) write(found.entered);
    return found;
  }

  function changed() {
    timer ??= setTimeout(save, SAVE_AFTER_MS);
  }

  function save() {
    clearTimeout(timer);
    timer = undefined;
    if (open.get(key) !== form) return;
    const entered = read();
    const before = drafts.read(key);
    if (isSame(entered, initial)) drafts.remove(key);
    else if (!before || !isSame(entered, before.entered))
      keep({ at: Date.now(), entered, origin: before?.origin ?? origin });
  }

  /** @param {Draft} kept */
  function keep(kept) {
    if (drafts.write(key, kept) || reported.has(key)) return;
    reported.add(key);
    notify(() => say("draft.too-large"));
  }

  function leave() {
    form.isLeft = true;
    if (former && !former.isLeft) return void open.set(key, former); // this one did not replace it after all
    save();
    if (open.get(key) === form) open.delete(key);
  }

  /**
   * Forget the draft, unless the form was changed after it was sent.
   * @param {Entered} sent
   */
  function settle(sent) {
    open.get(key)?.save();
    if (isSame(drafts.read(key)?.entered ?? initial, sent)) forget(key);
  }
}

/**
 * Forget a draft, and do not keep what is still in its form.
 * @param {string} key
 */
function forget(key) {
  drafts.remove(key);
  reported.delete(key);
  open.delete(key);
}

/**
 * Give a draft another key, when the object that it is about has got its name.
 * @param {string} from
 * @param {string} to
 */
export function moveDraft(from, to) {
  open.get(from)?.save();
  const draft = drafts.read(from);
  forget(from);
  if (draft) drafts.write(to, draft);
}

/** Forget all drafts, including those of the forms on the page, which must be shown again. */
export function forgetDrafts() {
  drafts.clear();
  reported.clear();
  open.clear();
}

/**
 * Forget a draft; the next view offers to undo that.
 * @param {string} key
 */
export function discardDraft(key) {
  const draft = drafts.read(key);
  forget(key);
  if (draft) notifyNext(() => [say("draft.discarded"), " · ", undoButton(key, draft)]);
}

/** @param {string} key */
function discardButton(key) {
  const discard = () => {
    open.get(key)?.save();
    discardDraft(key);
    reload();
  };
  return h("button", { type: "button", class: "small", click: discard }, say("draft.discard"));
}

/**
 * @param {string} key
 * @param {Draft} draft
 */
function undoButton(key, draft) {
  const undo = () => {
    forget(key);
    drafts.write(key, draft);
    reload();
  };
  return h("button", { type: "button", class: "small", click: undo }, say("draft.undo"));
}

/** @param {string} time */
const restoredDraft = (time) => say("draft.restored", { time });

const saveAll = () => open.forEach(({ save }) => save());

addEventListener("pagehide", saveAll);
document.addEventListener("visibilitychange", saveAll);
addEventListener("beforeunload", (event) => {
  saveAll();
  if (drafts.isAnyUnstored() || isSubmitting()) event.preventDefault();
});
