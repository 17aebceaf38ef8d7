// Types of results: their values, tables, charts and comparisons, and of the worker that holds them.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** A value of a result, or undefined where a row has no such member. */
export type MaybeJson = Json | undefined;
export type Kind = "absent" | "null" | "boolean" | "number" | "text" | "array" | "object";
export type Path = (string | number)[];

export interface Column {
  role: "member" | "place" | "key" | "value";
  /** The name of a member, or the index of an array; other roles have none. */
  name?: string;
}

export interface DescribedColumn extends Column {
  kinds: Partial<Record<Kind, number>>;
  distinct: number;
  isWhole: boolean;
}

/** How the values of a column are distributed; see results/profile.js. */
export interface ColumnProfile {
  type: "none" | "boolean" | "number" | "integer" | "text" | "array" | "object" | "mixed";
  empty: number;
  count: number;
  distinct: number;
  least?: string;
  greatest?: string;
  histogram?: number[];
}

/** A column of two tables, with its index in each, or -1. */
export interface CommonColumn extends Column {
  left: number;
  right: number;
}

export interface Table {
  kind: "objects" | "arrays" | "list" | "object" | "scalar";
  count: number;
  columns: Column[];
  hasAll: boolean;
  cell: (row: number, column: number) => MaybeJson;
  values: (row: number) => MaybeJson[];
}

export interface Cell {
  kind: Kind;
  text: string;
  isCut?: boolean;
  opens?: boolean;
}

/** A cell of two rows: the same in both, or different. */
export type CellPair = { same: Cell; from?: undefined; to?: undefined } | { same?: undefined; from: Cell; to: Cell };

export interface Sort {
  column: number;
  descending: boolean;
}

export type CompareTexts = (left: string, right: string) => number;

/** A location in a result: a part of it, or one of the part's cells; and inside of it, a path. */
export interface Location {
  part?: Path;
  row?: number;
  column?: number;
  path?: Path;
}

/** A line of JSON; a text that was cut has the path to the whole of it. */
export interface Line {
  depth: number;
  text: string;
  path?: Path;
  end?: string;
}

/** The numbers of the lines at which the members of a value start, and the number of all lines. */
export interface LineIndex {
  starts: ArrayLike<number>;
  total: number;
}

export type CsvDialect = "standard" | "excel-br";

export type ChartKind = "bar" | "line" | "points";
export type Aggregate = "sum" | "mean";

/** The data of a chart: columns by index, -1 for none (`by`) or for the row's number (`x`). */
export interface ChartData {
  x: number;
  y: number;
  by: number;
  how: Aggregate;
}

/** The chart that is proposed; without a numeric column there is no `y`. */
export interface ProposedChart {
  kind: ChartKind;
  x: number;
  y: number | undefined;
  by: number;
}

/** A series as it was computed; the last one may combine those that are too many. */
export interface Series<Name> {
  name?: Name;
  isRest?: boolean;
  names?: number;
  values: (number | null)[];
}

export interface Points<Label, Name> {
  labels: Label[];
  series: Series<Name>[];
  xs: number;
  among: number;
  isEven: boolean;
  isOrdinal: boolean;
  rows: number;
  left: number;
  isGrouped: boolean;
}

export type ChartLabel = Cell & { number?: number };

/** The points of a chart as the page gets them. */
export type ChartPoints = Points<ChartLabel, Cell>;

/** The pairs that a comparison shows: all, those that differ, or those of a state. */
export type PairFilter = "all" | "different" | number;

export interface RowsSummary {
  of: "rows";
  counts: number[];
  repeated: number;
  isReordered: boolean;
  key: number[];
  columns: CommonColumn[];
  changes: number[];
  largest: number[];
}

export interface PlacesSummary {
  of: "places";
  counts: number[];
  kept: [places: number, different: number];
}

export type ComparisonSummary = RowsSummary | PlacesSummary;

export interface Pair {
  state: number;
  left?: number;
  right?: number;
  pointer?: string;
  cells: CellPair[];
}

export interface Comparison {
  summary: ComparisonSummary;
  page: (which: PairFilter, from: number, count: number, columns: number[]) => { total: number; pairs: Pair[] };
}

type Queries = typeof import("./queries.js").QUERIES;

/** Sends a query to the worker that holds the results; results/queries.js has them all. */
export type SendQuery = <Name extends keyof Queries>(
  name: Name,
  parameters: Parameters<Queries[Name]>[0],
  onProgress?: (bytes: number) => void,
) => Promise<Awaited<ReturnType<Queries[Name]>>>;

export interface ResultStore {
  query: SendQuery;
  open: (result: string, href: string, onProgress: (bytes: number) => void) => Promise<unknown>;
  take: (result: string, text: string, member: string) => Promise<unknown>;
}

/** A result that a store is to open. */
export interface ResultSource {
  result: string;
  href: string;
  sizeBytes: number;
}

export type TableDescription = Awaited<ReturnType<Queries["describe"]>>;

/** A part of an opened result, for a view of it. */
export interface ShownPart {
  query: SendQuery;
  result: string;
  part: Path;
  description: TableDescription;
  signal?: AbortSignal;
  /** Shows the profiles of the columns below their heads. */
  isProfiled?: boolean;
}
