// The editor of sources. It lives in a shadow tree, where its styles need no exception from the page's policy.

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

const LOOK = EditorView.theme({
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
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--quiet)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName)], color: "var(--code-name)" },
]);

const BRACKETS = /^[([{'"`]$/;

/**
 * A text that replaces a selection: the selection goes first. Chromium itself would carry the look of what it replaces
 * over as a `style` attribute, which the page's policy refuses and reports. Brackets go around a selection.
 */
const REPLACING = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const replaces = event.inputType === "insertText" && !view.state.selection.main.empty && !BRACKETS.test(event.data);
    if (replaces) view.dispatch({ ...view.state.replaceSelection(""), userEvent: "input.type" });
    return false;
  },
});

/**
 * An editor of JavaScript: its element, `text()`, `setText(text)` and `mark(faults)`, which shows each of
 * `{ line, column, message, severity }` at its place, and the first of them to who looks at it.
 */
export function editor({ text, label, readOnly = false }) {
  const element = h("div", { class: "editor" });
  const root = element.attachShadow({ mode: "open" });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        basicSetup,
        javascript(),
        lintGutter(),
        LOOK,
        REPLACING,
        syntaxHighlighting(COLOURS),
        EditorState.readOnly.of(readOnly),
        EditorView.lineWrapping,
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
    setText: (other) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: other } }),
    mark: (faults) => {
      const diagnostics = faults.map((fault) => diagnosticIn(view.state.doc, fault));
      view.dispatch(setDiagnostics(view.state, diagnostics));
      if (diagnostics.length > 0) {
        const { from } = diagnostics[0];
        view.dispatch({ selection: { anchor: from } });
        reveal(view, from);
      }
    },
  };
}

const STEADY_LOOKS = 10;

/**
 * Bring a place to the middle of the editor, and leave the page where it is, which CodeMirror's own way would move too.
 * Heights of lines that were not drawn yet are guesses, so it looks again until the place stays where it is seen. In a text
 * that has been changed meanwhile the place means nothing any more.
 */
function reveal(view, place, { looks = 60, steady = 0, doc = view.state.doc } = {}) {
  const { scrollDOM } = view;
  requestAnimationFrame(() => {
    if (view.state.doc !== doc) return;
    const isThere = isSeen(view.coordsAtPos(place), scrollDOM);
    if (!isThere) scrollDOM.scrollTop = view.lineBlockAt(place).top - scrollDOM.clientHeight / 2;
    const next = { looks: looks - 1, steady: isThere ? steady + 1 : 0, doc };
    if (next.looks > 0 && next.steady < STEADY_LOOKS) reveal(view, place, next);
  });
}

function isSeen(place, scroller) {
  const { top, bottom } = scroller.getBoundingClientRect();
  return place !== null && place.top >= top && place.bottom <= bottom;
}

const WORD = /[\p{ID_Continue}$]+/uy;

/**
 * A fault's place in the document: the word or sign at an exact position; otherwise from its column, or its line's first
 * sign, to the line's end.
 */
function diagnosticIn(doc, { line, column, position_is_exact: isExact, message, severity }) {
  const { from, to, text } = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  const begin = Math.min(column ? column - 1 : text.search(/\S|$/), Math.max(0, text.length - 1));
  WORD.lastIndex = begin;
  const length = isExact && column ? (WORD.exec(text)?.[0].length ?? 1) : text.length - begin;
  return { from: from + begin, to: Math.min(from + begin + length, to), message, severity };
}
