// @ts-check
// The dialog that moves an alias to a version. It shows the version's standing at the gate first, and can force the move.

/** @import { Script } from "../types.js" */

import { Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { noteField } from "../parts/note_field.js";
import { notifyNext } from "../parts/notices.js";
import { submit as submitWith } from "../parts/submission.js";
import { versionChoice } from "../parts/version_choice.js";
import { isConflict } from "../preconditions.js";
import { showDialog } from "../results/dialog.js";
import { reload } from "../router.js";
import { say } from "../words.js";
import { aliasField, forceBox, moveText } from "./promotion_fields.js";
import { promote, readAliases } from "./requests.js";
import { gateStanding } from "./standing.js";

/**
 * @param {object} options
 * @param {Script} options.script
 * @param {string} options.alias The name of the alias at first.
 * @param {number} options.version The version at first.
 * @param {AbortSignal} options.signal
 */
export async function promoteDialog({ script, alias, version, signal }) {
  /** The aliases and the gate as the reader has seen them. */
  let [aliases, gate] = await readAliases(script.name, signal);
  const name = aliasField(alias, aliases);
  const to = versionChoice(say("script.version"), script.latest_version, {
    selected: String(version),
    choose: () => update(),
  });
  name.input.addEventListener("input", () => update());
  const note = noteField(say("alias.note"));
  const [move, conflict] = [h("p", { role: "status" }), h("div", { role: "alert" })];
  const standing = gateStanding({ script: script.name, onChange: (passes) => block(!passes), signal });
  const force = forceBox(() => block(true));
  const button = h("button", { class: "primary" }, say("alias.promote.do"));
  const { errorArea, attempt } = withErrorDisplay();
  const form = h(
    "form",
    { submit },
    h("div", { class: "grid" }, name.element, to.element),
    move,
    conflict,
    standing.element,
    force.element,
    note.element,
    errorArea,
    h("div", { class: "row" }, button, h("button", { type: "button", click: () => dialog.close() }, say("key.cancel"))),
  );
  const dialog = showDialog(say("alias.promote.title", { name: script.name }), form, signal);
  update();
  name.input.focus();

  /** Show the move that the form is about, and whether the gate lets it pass. */
  function update() {
    const known = aliasCalled(name.input.value);
    const isSame = known?.version === Number(to.input.value);
    fill(move, moveText(name.input.value, known?.version, Number(to.input.value)));
    const isGuarded = !isSame && gate?.aliases.includes(name.input.value);
    standing.element.hidden = !isGuarded;
    force.element.hidden = true;
    block(false);
    button.disabled = isSame;
    if (gate && isGuarded) standing.show(Number(to.input.value), gate);
  }

  /** @param {string} wanted */
  function aliasCalled(wanted) {
    return aliases.find((one) => one.name === wanted);
  }

  /**
   * Offer to force the move if the gate blocks it. A forced move needs a note.
   * @param {boolean} isBlocked
   */
  function block(isBlocked) {
    force.element.hidden = !isBlocked;
    const isForced = isBlocked && force.input.checked;
    note.input.required = isForced;
    note.input.dispatchEvent(new Event("input"));
    button.classList.toggle("danger", isForced);
    button.disabled = isBlocked && !isForced;
    fill(button, say(isForced ? "alias.force.do" : "alias.promote.do"));
  }

  /** @param {SubmitEvent} event */
  function submit(event) {
    event.preventDefault();
    fill(conflict);
    attempt(() => submitWith(button, send));
  }

  async function send() {
    const wanted = { version: Number(to.input.value), note: note.input.value.trim() || undefined };
    const isForced = !force.element.hidden && force.input.checked;
    try {
      const moved = await promote(script.name, name.input.value, aliasCalled(name.input.value), {
        ...wanted,
        ...(isForced && { force: true }),
      });
      notifyNext(() => say("alias.promoted", { alias: moved.name, number: moved.version }));
      dialog.close();
      reload();
    } catch (error) {
      await explain(error);
    }
  }

  /**
   * Show the present state after a refusal that says it is another one than that of the form.
   * @param {unknown} error
   */
  async function explain(error) {
    const isBlocked = error instanceof Refused && error.problem.type?.endsWith("/promotion-blocked");
    if (!isConflict(error) && !isBlocked) throw error;
    [aliases, gate] = await readAliases(script.name, signal);
    update();
    const known = aliasCalled(name.input.value);
    if (isConflict(error))
      fill(
        conflict,
        h(
          "p",
          { class: "note" },
          known
            ? say("alias.conflict.promotion", { alias: known.name, number: known.version })
            : say("alias.conflict.removed", { alias: name.input.value }),
        ),
      );
  }
}
