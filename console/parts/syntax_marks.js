// @ts-check
// Marks of syntax errors while a source is written, from the tree by which the editor colours it. They are hints: the
// service's check decides, and its marks take precedence.

/**
 * @import { EditorState as State, EditorView as View } from "../../vendor/codemirror.js"
 * @typedef {Parameters<typeof setDiagnostics>[1][number]} Diagnostic
 */

import { ensureSyntaxTree, forEachDiagnostic, setDiagnostics } from "../../vendor/codemirror.js";
import { say } from "../words.js";

const PAUSE_MS = 400;
const PARSE_MS = 50;
const MOST_CHARACTERS = 300_000;
const MOST_ERRORS = 3; // what follows an error is often its consequence
const MOST_QUOTED = 20;
const WORD_AT_END = /[\p{ID_Continue}$]+$/u;

/**
 * The syntax errors of a state's document, one for a line; none where the document is too long to be parsed at once.
 * @param {State} state
 * @returns {Diagnostic[]}
 */
export function syntaxErrors(state) {
  const tree = state.doc.length <= MOST_CHARACTERS && ensureSyntaxTree(state, state.doc.length, PARSE_MS);
  /** @type {Map<number, Diagnostic>} */
  const found = new Map();
  if (tree)
    tree.iterate({
      enter: ({ type, from, to }) => {
        if (!type.isError || found.size === MOST_ERRORS) return;
        const { number } = state.doc.lineAt(from);
        if (!found.has(number)) found.set(number, diagnosticOf(state, from, to));
      },
    });
  return [...found.values()];
}

/**
 * An error at text that is not expected; or, without text, at the place where some is missing, which is marked at the
 * last word or sign before it, also if that is in an earlier line.
 * @param {State} state
 * @param {number} from
 * @param {number} to
 * @returns {Diagnostic}
 */
function diagnosticOf({ doc }, from, to) {
  const message = say("editor.unexpected", { text: doc.sliceString(from, Math.min(to, from + MOST_QUOTED)) });
  if (from < to) return { from, to, message, severity: "error" };
  const before = doc.sliceString(0, from).trimEnd();
  const end = Math.max(1, before.length);
  const [word = ""] = WORD_AT_END.exec(before.slice(-MOST_QUOTED)) ?? [];
  const start = end - Math.max(1, word.length);
  return { from: start, to: end, message: say("editor.missing"), severity: "error" };
}

/**
 * Marks syntax errors in a view when its text has not changed for a while. `changed` says that it has, and `replaced` that
 * the service's marks are about to replace all others.
 */
export function syntaxMarks() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {State["doc"] | undefined} */
  let checked;
  /** @type {WeakMap<Diagnostic, string>} */
  let lines = new WeakMap();
  return {
    /** @param {View} view */
    changed: (view) => {
      clearTimeout(timer);
      timer = setTimeout(() => mark(view), PAUSE_MS);
    },
    /**
     * @param {View} view
     * @param {Diagnostic[]} diagnostics
     */
    replaced: ({ state: { doc } }, diagnostics) => {
      checked = doc;
      lines = new WeakMap(diagnostics.map((one) => [one, doc.lineAt(one.from).text]));
    },
  };

  /**
   * Add the syntax errors to the service's marks, but those of lines that have changed since.
   * @param {View} view
   */
  function mark(view) {
    const { state } = view;
    if (state.doc === checked) return;
    /** @type {Diagnostic[]} */
    const left = [];
    forEachDiagnostic(state, (one, from, to) => {
      const text = lines.get(one);
      if (text === undefined || text !== state.doc.lineAt(from).text) return;
      const kept = { ...one, from, to };
      lines.set(kept, text);
      left.push(kept);
    });
    const marked = new Set(left.map(({ from }) => state.doc.lineAt(from).number));
    const errors = syntaxErrors(state).filter(({ from }) => !marked.has(state.doc.lineAt(from).number));
    view.dispatch(setDiagnostics(state, [...left, ...errors]));
  }
}
