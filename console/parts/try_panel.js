// @ts-check
// Tries a source on a sample while it is written: on Ctrl+Enter, or after each change. Nothing is stored.

/**
 * @import { Mark, Preview } from "../types.js"
 * @import { TriedSource } from "../previews.js"
 * @import { PreviewResponse } from "./try_runs.js"
 */

import { Refused } from "../api.js";
import { fill, h } from "../dom.js";
import { resultStore } from "../results/result_store.js";
import { called, say } from "../words.js";
import { announcements } from "./announcements.js";
import { withErrorDisplay } from "./error_display.js";
import { liveBox } from "./live_box.js";
import { errorText } from "./refusal.js";
import { sampleField, sampleKey } from "./sample_field.js";
import { marksOf, runMarks } from "./source_marks.js";
import { tryOutcome } from "./try_outcome.js";
import { tryRuns } from "./try_runs.js";

/** The status of a sandbox that is busy, and the time after which it is asked again. */
const BUSY = 503;
const RETRY_MS = 1_000;

/** Refusals that another change of the source does not end. */
const LASTING = [401, 403, 404];

/**
 * The state of a panel: the selected tab, the response that it shows, and whether the source or the sample has changed since.
 * @typedef {{ tab?: string, response?: PreviewResponse, isEdited: boolean }} PanelState
 */

/**
 * The panels with an outcome, by the keys of their samples: the one that replaces a panel in another language shows it too.
 * @type {Map<string, PanelState>}
 */
const panels = new Map();

/**
 * @typedef {object} TryPanelOptions
 * @property {string} [script] The script of the source.
 * @property {() => TriedSource} source
 * @property {(marks: Mark[]) => void} mark Marks errors and warnings in the source.
 * @property {AbortSignal} signal
 */

/**
 * A panel with a sample and the outcome of the last try. `edited` says that the source has changed, `run` tries it, and
 * `load` takes the dataset of an execution as the sample and tries it.
 * @param {TryPanelOptions} options
 */
export function tryPanel({ script, source, mark, signal }) {
  const key = sampleKey(script);
  const former = panels.get(key);
  /** @type {PanelState} */
  const state = { ...former, isEdited: former?.isEdited ?? false };
  const { errorArea, attempt } = withErrorDisplay();
  const announcer = announcements();
  const [message, outcome] = [h("div"), h("div", { class: "outcome" })];
  const stale = h("p", { class: "quiet", hidden: true }, say("try.stale"));
  const sample = sampleField({ script, attempt, changed: edited, signal });
  const live = liveBox(() => edited());
  let displayed = new AbortController(); // ends what the outcome on the page is drawn with
  let store = resultStore(signal); // its worker starts while the source is written
  const runs = tryRuns({
    source,
    sample: () => {
      state.isEdited = false;
      return sample.sample();
    },
    show: async (response, isLive, mine) => {
      await show(response, mine);
      announcer[isLive ? "later" : "now"](summary(response.preview));
    },
    refuse,
    askForDataset,
    onSlow: () => fill(message, h("p", { class: "quiet" }, say("try.running"))),
    attempt,
    signal,
  });
  const run = () => attempt(() => runs.run());
  const button = tryButton(run);
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
  signal.addEventListener("abort", leave);
  const { response } = state;
  if (response) attempt(() => show(response, signal));
  if (live.input.checked) runs.schedule();
  return {
    element,
    run,
    edited,
    focus: () => button.focus(),
    load: (/** @type {string} */ id) => attempt(() => load(id)),
  };

  function leave() {
    displayed.abort();
    if (panels.get(key) === state) panels.delete(key);
  }

  /** @param {string} id */
  async function load(id) {
    await sample.load(id);
    await runs.run();
  }

  function edited() {
    state.isEdited = true;
    showStale();
    if (live.input.checked) runs.schedule();
  }

  function showStale() {
    const isStale = state.isEdited && outcome.hasChildNodes();
    stale.hidden = !isStale;
    outcome.classList.toggle("stale", isStale);
  }

  /** @param {boolean} isLive */
  function askForDataset(isLive) {
    fill(message, !isLive && h("p", { class: "note" }, say("try.no-dataset")));
    if (!isLive) announcer.now(say("try.no-dataset"));
  }

  /**
   * @param {PreviewResponse} response
   * @param {AbortSignal} mine
   */
  async function show(response, mine) {
    const chosen = (/** @type {string} */ tab) => (state.tab = tab);
    const next = new AbortController();
    const content = await tryOutcome({ ...response, store, tab: state.tab, chosen, signal: next.signal });
    mine.throwIfAborted();
    displayed.abort();
    displayed = next;
    fill(message);
    fill(outcome, content);
    showStale();
    state.response = response;
    panels.set(key, state);
    mark(runMarks(response.preview));
  }

  /**
   * Show the refusal of a try. If nobody asked for that, there is no alert. The outcome before it stays.
   * @param {unknown} error
   * @param {boolean} isLive
   */
  function refuse(error, isLive) {
    fill(message);
    if (!(error instanceof Refused)) {
      store = resultStore(signal); // a worker without memory has ended
      throw error;
    }
    mark(marksOf(error));
    const { status = 0, errors } = error.problem;
    if (LASTING.includes(status)) live.turnOff();
    if (!isLive || !live.input.checked) throw error;
    if (status === BUSY) runs.schedule(RETRY_MS);
    const text = errors?.map(errorText).join("; ") ?? error.message;
    fill(message, h("p", { class: "refusal" }, text));
    announcer.later(text);
  }
}

/** @param {() => unknown} click */
const tryButton = (click) =>
  h(
    "button",
    {
      type: "button",
      class: "primary",
      "data-needs": "scripts:write",
      title: say("try.key"),
      "aria-keyshortcuts": "Control+Enter Meta+Enter",
      click,
    },
    say("try"),
    " ",
    h("kbd", { "aria-hidden": "true" }, "Ctrl+↵"),
  );

/** @param {Preview} preview */
const summary = ({ state, error }) =>
  error ? `${called("status", state)}: ${error.message}` : called("status", state);
