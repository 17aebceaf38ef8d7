// The types of the bundles in adapters/http/static/vendor, which scripts/vendor/*.mjs name, from the packages themselves.

declare module "*/vendor/codemirror.js" {
  export { EditorState } from "@codemirror/state";
  export { ensureSyntaxTree, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
  export { javascript } from "@codemirror/lang-javascript";
  export { forEachDiagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
  export { MergeView, unifiedMergeView } from "@codemirror/merge";
  export { tags } from "@lezer/highlight";
  export { basicSetup, EditorView } from "codemirror";
}

declare module "*/vendor/chart.js" {
  export {
    BarController,
    BarElement,
    CategoryScale,
    Chart,
    Legend,
    LinearScale,
    LineController,
    LineElement,
    PointElement,
    Tooltip,
  } from "chart.js";
  export type { ChartConfiguration, ChartDataset, Point } from "chart.js";
}
