// Types of the forms and of the results of batches.

import type { CsvFormat } from "../csv_format.js";
import type { Json } from "../results/types.js";

/** The form of a text with datasets. */
export type SourceKind = "lines" | "array" | "csv";

/** What the values of a source are: lines of a batch, or datasets that become lines. */
export type LineForm = "lines" | "datasets";

/** What is wrong with a line of a source. */
export interface LineFault {
  line: number;
  kind: "json" | "object" | "data" | "member" | "ref" | "width" | "quote";
  name?: string;
  width?: number;
  expected?: number;
  excerpt?: string;
}

/** A line of a batch in the form, its data cut. */
export interface LinePreview {
  line: number;
  ref: string | undefined;
  data: string;
}

/** A source of a batch: a file, or the text of the form. */
export interface LineSource {
  file: Blob;
  encoding?: string;
  csv?: CsvFormat;
  form?: LineForm;
  ref?: string;
}

/** The lines that a source stands for; the body is what is to be sent. */
export interface SurveyedLines {
  kind: SourceKind;
  form: LineForm;
  count: number;
  members: string[];
  preview: LinePreview[];
  faults: LineFault[];
  faultCount: number;
  body: Blob;
}

/** A line of the results of a batch. */
export interface ResultLine {
  line: number;
  ref?: string | null;
  execution: string;
  status: "pending" | "running" | "succeeded" | "failed";
  result?: Json;
  error?: { kind: string; message: string };
  content_removed_at?: string;
}
