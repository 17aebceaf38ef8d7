// @ts-check
// The dialog that moves an alias back.

/** @import { Alias } from "../types.js" */

import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { noteField } from "../parts/note_field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { isConflict } from "../preconditions.js";
import { showDialog } from "../results/dialog.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { removeAlias, rollBack, rollbackTarget } from "./requests.js";

/**
 * Ask for a confirmation that names both versions.
 * @param {string} script
 * @param {Alias} alias
 * @param {AbortSignal} signal
 */
export async function rollbackDialog(script, alias, signal) {
  const { name, version } = alias;
  const to = await rollbackTarget(script, name, signal);
  const title = say("alias.rollback.title", { alias: name });
  if (to === null) return void showDialog(title, h("p", {}, say("alias.rollback.none", { alias: name })), signal);
  const note = noteField(say("alias.note"));
  confirmDialog({
    alias,
    title,
    question: [h("p", {}, say("alias.rollback.sure", { alias: name, from: version, to })), note.element],
    words: say("alias.rollback.do", { to }),
    work: async () => {
      const moved = await rollBack(script, alias, note.input.value.trim());
      notifyNext(() => say("alias.rolled-back", { alias: name, number: moved.version }));
    },
    signal,
  });
}

/**
 * Ask for a confirmation before an alias is deleted.
 * @param {string} script
 * @param {Alias} alias
 * @param {AbortSignal} signal
 */
export const removalDialog = (script, alias, signal) =>
  confirmDialog({
    alias,
    title: say("alias.remove.title", { alias: alias.name }),
    question: h("p", {}, say("alias.remove.sure", { alias: alias.name, number: alias.version })),
    words: say("alias.remove.do"),
    work: async () => {
      await removeAlias(script, alias);
      notifyNext(() => say("alias.removed", { alias: alias.name }));
    },
    signal,
  });

/**
 * A dialog that does its work after a confirmation. If the alias was moved meanwhile, the page is shown again and says so.
 * @param {object} options
 * @param {Alias} options.alias
 * @param {string} options.title
 * @param {import("../types.js").Content} options.question
 * @param {string} options.words
 * @param {() => Promise<void>} options.work
 * @param {AbortSignal} options.signal
 */
function confirmDialog({ alias: { name }, title, question, words, work, signal }) {
  const { errorArea, attempt } = withErrorDisplay();
  const confirm = async () => {
    try {
      await work();
    } catch (error) {
      if (!isConflict(error)) throw error;
      notifyNext(() => say("alias.conflict", { alias: name }));
    }
    dialog.close();
    reload();
  };
  /** @param {SubmitEvent} event */
  const submit = (event) => {
    event.preventDefault();
    attempt(() => submitWith(button, confirm));
  };
  const button = h("button", { class: "danger" }, words);
  const cancel = h("button", { type: "button", click: () => dialog.close() }, say("key.cancel"));
  const form = h("form", { submit }, question, errorArea, h("div", { class: "row" }, button, cancel));
  const dialog = showDialog(title, form, signal);
  cancel.focus();
}
