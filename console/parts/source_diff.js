// @ts-check
// The differences between two sources: side by side where there is room, else one below the other.

import {
  basicSetup,
  EditorState,
  EditorView,
  javascript,
  MergeView,
  syntaxHighlighting,
  unifiedMergeView,
} from "../../vendor/codemirror.js";
import { h } from "../dom.js";
import { say } from "../words.js";
import { COLOURS, LOOK } from "./editor.js";

const SIDE_BY_SIDE = matchMedia("(min-width: 60rem)");
const CONTEXT = { margin: 3, minSize: 4 };
const WORK = { scanLimit: 500, timeout: 400 };

/** @type {(colour: string, share: number) => string} */
const tint = (colour, share) => `color-mix(in srgb, var(--${colour}) ${share}%, transparent)`;
/** @type {(text: string, colour: string) => Record<string, string>} */
const sign = (text, colour) => ({ content: `"${text}"`, color: `var(--${colour})`, fontWeight: "700" });

const CHANGES = EditorView.theme({
  ".cm-scroller": { maxHeight: "none", minHeight: "0" },
  ".cm-changeGutter": { width: "1.1em", padding: "0", textAlign: "center" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: tint("bad", 6) },
  "&.cm-merge-b .cm-changedLine": { backgroundColor: tint("good", 6) },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText, &.cm-merge-b .cm-deletedText": {
    background: tint("bad", 12),
  },
  "&.cm-merge-b .cm-changedText": { background: tint("good", 12) },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: tint("bad", 6) },
  "&.cm-merge-b .cm-changedLineGutter": { background: tint("good", 6) },
  "&.cm-merge-a .cm-changedLineGutter::before, .cm-deletedLineGutter::before": sign("−", "bad"),
  "&.cm-merge-b .cm-changedLineGutter::before": sign("+", "good"),
  ".cm-collapsedLines": { background: "var(--panel)", color: "var(--quiet)" },
  ".cm-collapsedLines::before, .cm-collapsedLines::after": { content: '"⋯"' },
});

/** @param {string} label */
const reading = (label) => [
  CHANGES,
  basicSetup,
  javascript(),
  LOOK,
  syntaxHighlighting(COLOURS),
  EditorState.readOnly.of(true),
  EditorState.phrases.of({ "$ unchanged lines": say("changes.unchanged-lines") }),
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true", tabindex: "0" }),
];

/**
 * Both sources with their differences marked, and a button that shows the lines that they share.
 * @param {{ before: string, after: string, labels: [before: string, after: string, both: string], signal: AbortSignal }} options
 */
export function sourceDiff({ before, after, labels, signal }) {
  const element = h("div", { class: "editor" });
  const root = element.attachShadow({ mode: "open" });
  let isWhole = false;
  /** @type {{ destroy: () => void } | undefined} */
  let view;
  const draw = () => {
    view?.destroy();
    const options = { collapseUnchanged: isWhole ? undefined : CONTEXT, diffConfig: WORK };
    view = SIDE_BY_SIDE.matches ? sideBySide(options) : unified(options);
  };
  /** @typedef {{ collapseUnchanged?: typeof CONTEXT, diffConfig: typeof WORK }} Options */
  /** @param {Options} options */
  const sideBySide = (options) =>
    new MergeView({
      a: { doc: before, extensions: reading(labels[0]) },
      b: { doc: after, extensions: reading(labels[1]) },
      parent: root,
      root,
      ...options,
    });
  /** @param {Options} options */
  const unified = (options) => {
    const changes = unifiedMergeView({ original: before, mergeControls: false, ...options });
    const state = EditorState.create({ doc: after, extensions: [reading(labels[2]), changes] });
    return new EditorView({ state, parent: root, root });
  };
  const toggle = () => {
    isWhole = !isWhole;
    button.setAttribute("aria-pressed", String(isWhole));
    draw();
  };
  const button = h("button", { type: "button", "aria-pressed": "false", click: toggle }, say("changes.unchanged"));
  SIDE_BY_SIDE.addEventListener("change", draw, { signal });
  draw();
  return [h("div", { class: "row" }, button), element];
}
