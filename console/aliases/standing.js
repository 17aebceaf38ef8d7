// @ts-check
// The standing of a version at its script's gate: every reason against a promotion, with what can be done about it.

/** @import { Content, Gate, Reason, VersionReplay } from "../types.js" */

import { call, pathOf, send } from "../api.js";
import { fill, h } from "../dom.js";
import { count } from "../formats.js";
import { withCode } from "../parts/code.js";
import { withErrorDisplay } from "../parts/error_display.js";
import { submit } from "../parts/submission.js";
import { poll } from "../poll.js";
import { hasFinished } from "../replays/outcomes.js";
import { say } from "../words.js";
import { consoleAddress } from "./console_address.js";
import { readStanding } from "./requests.js";

/** @type {Reason["code"][]} */
const OF_TESTS = ["test-failed", "test-not-run"];

/**
 * An element for the standing of the version that `show` gets last. `onChange` is told whether the version passes.
 * @param {object} options
 * @param {string} options.script
 * @param {(passes: boolean) => void} options.onChange
 * @param {AbortSignal} options.signal
 */
export function gateStanding({ script, onChange, signal }) {
  const element = h("div", { class: "standing" });
  const [status, body] = [h("div", { role: "status" }), h("div")];
  const { errorArea, attempt } = withErrorDisplay();
  let shown = 0;
  fill(element, status, body, errorArea);
  return { element, show };

  /**
   * @param {number} version
   * @param {Gate} gate
   */
  async function show(version, gate) {
    shown += 1;
    const mine = shown;
    await attempt(async () => {
      fill(status, h("p", { class: "quiet" }, say("loading")));
      const { passes, reasons } = await readStanding(script, version, signal);
      if (mine !== shown) return;
      fill(status, h("p", {}, h("strong", {}, say(passes ? "gate.passes" : "gate.blocks", { number: version }))));
      fill(body, reasons.length > 0 && [list(reasons), actions(version, gate, reasons)]);
      onChange(passes);
    });
  }

  /**
   * @param {number} version
   * @param {Gate} gate
   * @param {Reason[]} reasons
   * @returns {Content}
   */
  function actions(version, gate, reasons) {
    const progress = h("span", { role: "status", class: "quiet" });
    const again = () => show(version, gate);
    const test = async () => {
      await call("POST", pathOf(["scripts", script, "versions", version, "checks"]));
      await again();
    };
    const replay = async () => {
      await runReplay({ script, version, last: gate.replay?.last ?? 1, signal }, (words) => fill(progress, words));
      await again();
    };
    /** @param {Reason["code"][]} codes */
    const has = (...codes) => reasons.some(({ code }) => codes.includes(code));
    return h(
      "div",
      { class: "row" },
      has(...OF_TESTS) && actionButton(say("gate.run-tests"), test),
      has("replay-missing") && actionButton(say("gate.start-replay", { last: gate.replay?.last ?? 1 }), replay),
      h("button", { type: "button", click: again }, say("gate.check-again")),
      progress,
    );
  }

  /**
   * @param {string} words
   * @param {() => Promise<void>} work
   */
  function actionButton(words, work) {
    /** @type {HTMLButtonElement} */
    const button = h("button", { type: "button", click: () => attempt(() => submit(button, work)) }, words);
    return button;
  }
}

/** @param {Reason[]} reasons */
const list = (reasons) => h("ul", { class: "reasons" }, reasons.map(reasonItem));

/** @param {Reason} reason */
function reasonItem({ detail, href }) {
  const address = consoleAddress(href);
  return h("li", {}, withCode(detail), address && [" ", h("a", { href: address }, say("gate.show"))]);
}

/**
 * Start the replay that a gate asks for, and follow it to its end.
 * @param {{ script: string, version: number, last: number, signal: AbortSignal }} options
 * @param {(words: string) => void} report
 */
async function runReplay({ script, version, last, signal }, report) {
  const path = ["scripts", script, "versions", version, "replays"];
  /** @type {VersionReplay} */
  const started = await send("POST", pathOf(path), { last });
  for await (const { value, error } of poll(pathOf([...path, started.id]), hasFinished, signal))
    report(value ? doneText(value) : say("execution.lost", { why: error.message }));
}

/** @param {VersionReplay} replay */
const doneText = ({ executions: { done, total } }) => say("replay.done-of", { done: count(done), total: count(total) });
