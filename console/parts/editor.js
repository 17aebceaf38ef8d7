// @ts-check
// The source editor, and its look. It lives in a shadow tree, where its styles need no exception from the page's policy.

/** @import { EditorView as View } from "../../vendor/codemirror.js" */
/** @import { Mark } from "../types.js" */

import {
  basicSetup,
  EditorState,
  EditorView,
  HighlightStyle,
  javascript,
  lintGutter,
  setDiagnostics,
  syntaxHighlighting,
  tags,
} from "../../vendor/codemirror.js";
import { h } from "../dom.js";
import { syntaxMarks } from "./syntax_marks.js";

export const LOOK = EditorView.theme({
  "&": { backgroundColor: "var(--paper)", color: "var(--ink)", fontSize: ".88rem" },
  ".cm-scroller": { fontFamily: "var(--mono)", minHeight: "6rem", maxHeight: "34rem" },
  ".cm-content": { caretColor: "var(--ink)" },
  "&.cm-focused .cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--gold)", outlineOffset: "-2px" },
  ".cm-gutters": { backgroundColor: "var(--panel)", color: "var(--quiet)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--gold) 9%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--gold) 28%, transparent)",
  },
  ".cm-tooltip, .cm-panels": { backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--gold)", color: "var(--on-gold)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-searchMatch, .cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--gold) 22%, transparent)" },
});
export const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: "var(--code-name)" },
]);

const BRACKETS = /^[([{'"`]$/;

/**
 * Deletes the selection before a text replaces it. Chromium itself would copy the style of the replaced text into a
 * `style` attribute, which the page's policy refuses and reports. Brackets surround a selection instead.
 */
const REPLACING = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const isInsertion = event.inputType === "insertText" && !BRACKETS.test(event.data ?? "");
    if (isInsertion && !view.state.selection.main.empty)
      view.dispatch({ ...view.state.replaceSelection(""), userEvent: "input.type" });
    return false;
  },
});

/**
 * A JavaScript editor, which marks syntax errors while one types. `mark` shows each mark at its position, and scrolls to the
 * first unless it is told not to. The element fires `change` after each change of the text.
 * @param {{ text: string, label: string, readOnly?: boolean, isPlain?: boolean }} options `isPlain`: it is no JavaScript.
 */
export function editor({ text, label, readOnly = false, isPlain = false }) {
  const element = h("div", { class: "editor" });
  const root = element.attachShadow({ mode: "open" });
  const syntax = syntaxMarks();
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        basicSetup,
        isPlain ? [] : javascript(),
        lintGutter(),
        LOOK,
        REPLACING,
        syntaxHighlighting(COLOURS),
        EditorState.readOnly.of(readOnly),
        EditorView.lineWrapping,
        EditorView.updateListener.of(({ docChanged, view }) => {
          if (!docChanged) return;
          if (!readOnly && !isPlain) syntax.changed(view);
          element.dispatchEvent(new Event("change", { bubbles: true }));
        }),
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          ...(readOnly ? { "aria-readonly": "true" } : {}),
        }),
      ],
    }),
  });
  return {
    element,
    text: () => view.state.doc.toString(),
    /** @param {string} other */
    setText: (other) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: other } }),
    /**
     * @param {Mark[]} marks
     * @param {{ isRevealed?: boolean }} [options] Whether the cursor goes to the first mark.
     */
    mark: (marks, { isRevealed = true } = {}) => {
      const diagnostics = marks.map((mark) => diagnosticIn(view.state.doc, mark));
      syntax.replaced(view, diagnostics);
      view.dispatch(setDiagnostics(view.state, diagnostics));
      if (isRevealed && diagnostics.length > 0) {
        const { from } = diagnostics[0];
        view.dispatch({ selection: { anchor: from } });
        reveal(view, from);
      }
    },
  };
}

const STEADY_CHECKS = 10;

/**
 * Scroll a position to the middle of the editor, without scrolling the page, as CodeMirror's own way would. Heights of
 * lines that were not drawn yet are estimates, so it checks until the position stays visible. After a change of the text
 * the position is meaningless, and it stops.
 * @param {View} view
 * @param {number} position
 * @param {{ checks?: number, steady?: number, doc?: View["state"]["doc"] }} [progress]
 */
function reveal(view, position, { checks = 60, steady = 0, doc = view.state.doc } = {}) {
  const { scrollDOM } = view;
  requestAnimationFrame(() => {
    if (view.state.doc !== doc) return;
    const isThere = isVisible(view.coordsAtPos(position), scrollDOM);
    if (!isThere) scrollDOM.scrollTop = view.lineBlockAt(position).top - scrollDOM.clientHeight / 2;
    const next = { checks: checks - 1, steady: isThere ? steady + 1 : 0, doc };
    if (next.checks > 0 && next.steady < STEADY_CHECKS) reveal(view, position, next);
  });
}

/**
 * @param {{ top: number, bottom: number } | null} position
 * @param {HTMLElement} scroller
 */
function isVisible(position, scroller) {
  const { top, bottom } = scroller.getBoundingClientRect();
  return position !== null && position.top >= top && position.bottom <= bottom;
}

const WORD = /[\p{ID_Continue}$]+/uy;

/**
 * The range of a mark: the word or sign at an exact position; otherwise from its column, or the first character of its
 * line, to the end of the line.
 * @param {View["state"]["doc"]} doc
 * @param {Mark} mark
 */
function diagnosticIn(doc, { line, column, position_is_exact: isExact, message, severity }) {
  const { from, to, text } = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const begin = Math.min(column ? column - 1 : text.search(/\S|$/), Math.max(0, text.length - 1));
  WORD.lastIndex = begin;
  const length = isExact && column ? (WORD.exec(text)?.[0].length ?? 1) : text.length - begin;
  return { from: from + begin, to: Math.min(from + begin + length, to), message, severity };
}
