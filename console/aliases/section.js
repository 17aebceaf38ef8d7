// @ts-check
// The aliases of a script, with the actions on each, and its gate.

/** @import { Alias, Content, Scope, Script } from "../types.js" */

import { h } from "../dom.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { scrolling, secondary } from "../parts/paged_table.js";
import { submit } from "../parts/submission.js";
import { relativeTime } from "../parts/time.js";
import { href } from "../router.js";
import { say } from "../words.js";
import { LIVE } from "./default_version.js";
import { gateForm } from "./gate_form.js";
import { historyDialog } from "./history_dialog.js";
import { promoteDialog } from "./promote_dialog.js";
import { readAliases } from "./requests.js";
import { removalDialog, rollbackDialog } from "./rollback_dialog.js";

const WRITE = "scripts:write";

/**
 * The section, which loads the aliases and the gate.
 * @param {Script} script
 * @param {number} version The version that the page shows.
 * @param {AbortSignal} signal
 * @returns {Promise<Content>}
 */
export async function aliasesOf(script, version, signal) {
  const [aliases, gate] = await readAliases(script.name, signal);
  const { errorArea, attempt } = withErrorDisplay();
  const first = aliases.find(({ name }) => name === LIVE) ?? aliases[0];
  const promotion = () => promoteDialog({ script, alias: first?.name ?? LIVE, version, signal });
  return [
    h("h2", {}, say("aliases")),
    h("p", { class: "quiet" }, say("aliases.about")),
    aliases.length > 0 && table(aliases),
    h("div", { class: "row" }, button(say("alias.promote", { number: version }), promotion, { needs: WRITE })),
    errorArea,
    gateForm(script.name, gate, aliases),
  ];

  /** @param {Alias[]} all */
  function table(all) {
    const heads = [say("alias"), say("script.version"), secondary(say("alias.moved")), say("alias.actions")];
    const head = h(
      "tr",
      {},
      heads.map((words) => h("th", { scope: "col" }, words)),
    );
    const caption = h("caption", { class: "visually-hidden" }, say("aliases"));
    return scrolling(h("table", {}, caption, h("thead", {}, head), h("tbody", {}, all.map(row))), say("aliases"));
  }

  /** @param {Alias} alias */
  function row(alias) {
    const { name, version: number, moved_at } = alias;
    /** @type {[string, () => Promise<unknown> | unknown, Scope?][]} */
    const actions = [
      [say("alias.move.do"), () => promoteDialog({ script, alias: name, version, signal }), WRITE],
      [say("alias.rollback"), () => rollbackDialog(script.name, alias, signal), WRITE],
      [say("alias.history"), () => historyDialog(script.name, name, signal)],
      [say("alias.remove"), () => removalDialog(script.name, alias, signal), WRITE],
    ];
    return h(
      "tr",
      {},
      h(
        "th",
        { scope: "row" },
        h("span", { class: "badge alias" }, name),
        gate?.aliases.includes(name) && [" ", h("span", { class: "quiet guarded" }, say("gate.guarded"))],
      ),
      h("td", {}, h("a", { href: href(["scripts", script.name], { version: number }) }, `v${number}`)),
      h("td", {}, secondary(relativeTime(moved_at))),
      h(
        "td",
        {},
        h(
          "div",
          { class: "row actions" },
          !script.archived_at && runLink(name),
          actions.map(([words, work, needs]) => button(words, work, { label: `${words}: ${name}`, needs })),
        ),
      ),
    );
  }

  /** @param {string} name */
  function runLink(name) {
    const address = href(["scripts", script.name, "run"], { version: name });
    return h(
      "a",
      {
        class: "button small",
        "data-needs": "executions:write",
        href: address,
        "aria-label": say("alias.run", { alias: name }),
      },
      say("script.run"),
    );
  }

  /**
   * @param {string} words
   * @param {() => Promise<unknown> | unknown} work
   * @param {{ label?: string, needs?: Scope }} [attributes]
   */
  function button(words, work, { label, needs } = {}) {
    /** @type {HTMLButtonElement} */
    const element = h(
      "button",
      {
        type: "button",
        class: label && "small",
        "aria-label": label,
        "data-needs": needs,
        click: () => attempt(() => submit(element, async () => work())),
      },
      words,
    );
    return element;
  }
}
