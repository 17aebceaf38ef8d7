// What the console's editor uses of CodeMirror.
export { EditorState } from "@codemirror/state";
export { ensureSyntaxTree, syntaxHighlighting, HighlightStyle } from "@codemirror/language";
export { javascript } from "@codemirror/lang-javascript";
export { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
export { MergeView, unifiedMergeView } from "@codemirror/merge";
export { tags } from "@lezer/highlight";
export { basicSetup, EditorView } from "codemirror";
