// @ts-check
// Tries a source on a sample while it is written: on Ctrl+Enter, or after each change. Nothing is stored.

/**
 * @import { Mark, Preview } from "../types.js"
 * @import { TriedSource } from "../previews.js"
 */

import { isAbort, Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { preview } from "../previews.js";
import { resultStore } from "../results/result_store.js";
import { called, say } from "../words.js";
import { announcements } from "./announcements.js";
import { withErrorDisplay } from "./error_display.js";
import { liveBox } from "./live_box.js";
import { errorText } from "./refusal.js";
import { sampleField } from "./sample_field.js";
import { marksOf, runMarks } from "./source_marks.js";
import { tryOutcome } from "./try_outcome.js";

const DEBOUNCE_MS = 300;
const SLOW_MS = 300;

/** Refusals that another change of the source does not end. */
const LASTING = [401, 403, 404];

/**
 * @typedef {object} TryPanelOptions
 * @property {string} [script] The script of the source.
 * @property {() => TriedSource} source
 * @property {(marks: Mark[]) => void} mark Marks errors and warnings in the source.
 * @property {AbortSignal} signal
 */

/**
 * A panel with a sample and the outcome of the last try. `edited` says that the source has changed, `run` tries it, and
 * `load` takes the dataset of an execution as the sample.
 * @param {TryPanelOptions} options
 */
export function tryPanel({ script, source, mark, signal }) {
  const { errorArea, attempt } = withErrorDisplay();
  const announcer = announcements();
  const [message, outcome] = [h("div"), h("div", { class: "outcome" })];
  const stale = h("p", { class: "quiet", hidden: true }, say("try.stale"));
  const sample = sampleField({ script, attempt, changed: edited, signal });
  const live = liveBox(() => edited());
  const button = h(
    "button",
    { type: "button", class: "primary", title: say("try.key"), click: run },
    say("try"),
    " ",
    h("kbd", { "aria-hidden": "true" }, "Ctrl+↵"),
  );
  const state = {
    tab: /** @type {string | undefined} */ (undefined),
    running: new AbortController(),
    isEdited: false, // since the last try began
  };
  let store = resultStore(signal); // its worker starts while the source is written
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  signal.addEventListener("abort", stop);
  const element = h(
    "section",
    { class: "try", "aria-label": say("try") },
    h("h2", {}, say("try.on")),
    h("p", { class: "quiet" }, say("try.about")),
    h("div", { class: "row" }, button, live.element),
    sample.element,
    errorArea,
    message,
    stale,
    outcome,
    announcer.element,
  );
  if (live.input.checked) edited();
  return {
    element,
    run,
    edited,
    focus: () => button.focus(),
    load: (/** @type {string} */ id) => attempt(() => load(id)),
  };

  function stop() {
    clearTimeout(timer);
    state.running.abort();
  }

  /** @param {string} id */
  async function load(id) {
    await sample.load(id);
    await attemptTry();
  }

  function edited() {
    state.isEdited = true;
    showStale(outcome.hasChildNodes());
    if (!live.input.checked) return;
    clearTimeout(timer);
    timer = setTimeout(() => attempt(() => attemptTry(true)), DEBOUNCE_MS);
  }

  /** @param {boolean} isStale */
  function showStale(isStale) {
    stale.hidden = !isStale;
    outcome.classList.toggle("stale", isStale);
  }

  function run() {
    attempt(() => attemptTry());
  }

  /**
   * Try the source as it is now, in place of a try under way. A try that nobody asked for shows its refusal without an
   * alert, and the outcome before it stays.
   * @param {boolean} [isLive]
   */
  async function attemptTry(isLive = false) {
    stop();
    state.running = new AbortController();
    state.isEdited = false;
    const { signal: mine } = state.running;
    const slow = setTimeout(() => fill(message, h("p", { class: "quiet" }, say("try.running"))), SLOW_MS);
    try {
      const dataset = await sample.sample();
      mine.throwIfAborted();
      if (dataset) await show(await preview(source(), dataset.text, mine), isLive, mine);
      else if (!isLive) askForDataset();
    } catch (error) {
      if (mine.aborted || isAbort(error)) return;
      refuse(error, isLive);
    } finally {
      clearTimeout(slow);
    }
  }

  function askForDataset() {
    fill(message, h("p", { class: "note" }, say("try.no-dataset")));
    announcer.now(say("try.no-dataset"));
  }

  /**
   * @param {{ preview: Preview, text: string }} response
   * @param {boolean} isLive
   * @param {AbortSignal} mine
   */
  async function show(response, isLive, mine) {
    const chosen = (/** @type {string} */ tab) => (state.tab = tab);
    const content = await tryOutcome({ ...response, store, tab: state.tab, chosen, signal: mine });
    mine.throwIfAborted();
    fill(message);
    fill(outcome, content);
    showStale(state.isEdited);
    mark(runMarks(response.preview));
    announcer[isLive ? "later" : "now"](summary(response.preview));
  }

  /**
   * @param {unknown} error
   * @param {boolean} isLive
   */
  function refuse(error, isLive) {
    if (!(error instanceof Refused)) {
      store = resultStore(signal); // a worker without memory has ended
      throw error;
    }
    mark(marksOf(error));
    if (LASTING.includes(error.problem.status ?? 0)) live.turnOff();
    if (!isLive || !live.input.checked) {
      fill(message);
      throw error;
    }
    const text = error.problem.errors?.map(errorText).join("; ") ?? error.message;
    fill(message, h("p", { class: "refusal" }, text));
    announcer.later(text);
  }
}

/** @param {Preview} preview */
const summary = ({ state, error }) =>
  error ? `${called("status", state)}: ${error.message}` : called("status", state);
