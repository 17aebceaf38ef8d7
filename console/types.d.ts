// Types that several modules of the console share. Those of results are in results/types.d.ts, and those of the API in
// schemas.d.ts, which is generated.

import type { Cell, ColumnProfile, MaybeJson } from "./results/types.js";
import type {
  Action,
  BatchStatus,
  DeliveryStatus,
  DisabledReason,
  DiskFolder,
  ErrorKind,
  EventType,
  FailureCode,
  FieldError,
  Isolation,
  JobErrorKind,
  JobPhase,
  JobStatus,
  Merge,
  MoveReason,
  NumberWarningKind,
  Operation,
  ParameterError,
  PartitionState,
  Position,
  ReplayOutcome,
  ReplayReason,
  ReplayStatus,
  Role,
  RunWarningKind,
  Scope,
  SendFault,
  SourceError,
  SourceWarningKind,
  State,
  VerificationStatus,
  VersionReplay,
  WaitReason,
  WebhookStatus,
} from "./schemas.js";
import type { TransferState } from "./stores/transfer.js";
import type { en } from "./words/en.js";

export type * from "./results/types.js";
export type * from "./schemas.js";

/** Content of an element: nodes, texts, numbers, lists of them, or nothing. */
export type Content = Node | string | number | false | null | undefined | readonly Content[];

type AttributeName =
  | "accept"
  | "autocomplete"
  | "class"
  | "colspan"
  | "datetime"
  | "download"
  | "for"
  | "hidden"
  | "lang"
  | "href"
  | "id"
  | "list"
  | "max"
  | "maxlength"
  | "min"
  | "name"
  | "open"
  | "pattern"
  | "placeholder"
  | "rel"
  | "required"
  | "role"
  | "scope"
  | "selected"
  | "checked"
  | "size"
  | "spellcheck"
  | "step"
  | "tabindex"
  | "target"
  | "title"
  | "type"
  | "value"
  | "data-label"
  | "data-lacks"
  | "data-sign"
  | `aria-${string}`;

/** Attributes of an element, and listeners by the names of their events. */
export type Attributes = {
  "data-needs"?: Scope | false | null;
} & {
  [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => unknown;
} & { [Name in AttributeName]?: string | number | boolean | null | undefined };

/** The name of a text in words/. */
export type WordName = keyof typeof en;

/** The values of the API that have words of their own, by the prefix of their names. */
export interface NamedValues {
  status: State;
  error: ErrorKind;
  action: Action;
  isolation: Isolation;
  warning: NumberWarningKind | RunWarningKind | SourceWarningKind;
  difference: Difference["of"];
  inconclusive: Inconclusive["reason"];
  failure: FailureCode;
  replaying: ReplayStatus;
  batching: BatchStatus;
  jobbing: JobStatus;
  phase: JobPhase;
  job_error: JobErrorKind;
  partition: PartitionState;
  merge: Merge;
  verification: VerificationStatus;
  operation: Operation;
  disk: DiskFolder;
  uploading: TransferState;
  column: ColumnProfile["type"];
  outcome: ReplayOutcome;
  reason: ReplayReason;
  move: MoveReason;
  event: EventType;
  subscription: WebhookStatus;
  disabling: DisabledReason;
  delivering: DeliveryStatus;
  sending: SendFault;
  role: Role;
  queueing: WaitReason;
}

/** The names of the words for all values of the API. */
export type ValueWordName = { [Kind in keyof NamedValues]: `${Kind}.${NamedValues[Kind]}` }[keyof NamedValues];

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

/** The name of a text without placeholders. */
export type PlainWordName = {
  [Name in WordName]: [Placeholder<(typeof en)[Name]>] extends [never] ? Name : never;
}[WordName];

/** The name of a text about a number of things, which has a form for each plural category. */
export type CountedName = { [Name in WordName]: Name extends `${infer Stem}.other` ? Stem : never }[WordName];

/** The arguments for the placeholders of a text: none if it has none. */
export type WordArguments<Name extends WordName> = [Placeholder<(typeof en)[Name]>] extends [never]
  ? []
  : [values: Record<Placeholder<(typeof en)[Name]>, string | number>];

/** Query parameters of an address; those without a value are left out. */
export type Query = Record<string, string | number | null | undefined>;

/** The parameters of a view: those of its route by name, the query of the address, and a signal that it was left. */
export type ViewContext<Name extends string = never> = Record<Name, string> & {
  query: Record<string, string | undefined>;
  signal: AbortSignal;
};

/** A view; its notice is shown below the heading. */
export interface View {
  title: string;
  /** The heading, if it has more than the title. */
  heading?: Content;
  body: Content;
  notice?: Content;
}

/** The names of the parameters in a route's path, such as `script` in `scripts/:script/run`. */
export type RouteParameter<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | RouteParameter<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

type LoadModule<Context> = () => Promise<{ view: (context: Context) => Promise<View> }>;

/** Loads a module that exports a view of these parameters. */
export type LoadView<Name extends string> = LoadModule<ViewContext<Name>>;

/** A path and the loader of its view; `route` has checked that the view's parameters are those of the path. */
export interface Route {
  path: string;
  // biome-ignore lint/suspicious/noExplicitAny: parameters differ from route to route
  load: LoadModule<any>;
}

/** Problem details (RFC 9457) of the API, or of the console itself, where only a title is certain. */
export interface ProblemDetails {
  title: string;
  type?: string;
  status?: number;
  detail?: string;
  hint?: string;
  errors?: ProblemError[];
  position?: Position;
}

/** One error of a problem, which has one of the shapes of the API. */
export type ProblemError = { detail: string } & Partial<Omit<FieldError & ParameterError & SourceError, "detail">>;

/** A message at a position in a source. */
export interface Mark {
  line?: number | null;
  column?: number | null;
  position_is_exact?: boolean | null;
  message: string;
  severity: "error" | "warning";
}

/** A labelled form control. */
export interface Field<Control extends HTMLElement = HTMLInputElement> {
  element: HTMLElement;
  input: Control;
}

/** Runs work and displays its error; see parts/error_display.js. */
export type Attempt = (work: () => unknown) => Promise<void>;

// Drafts

/** The content of a form by names of its own. */
export type Entered = Record<string, string | File | undefined>;

/** Facts about the beginning of a form, such as the version that it started from. */
export type Origin = Record<string, string>;

/** What was entered in a form that was not sent yet, and when, in milliseconds. */
export interface Draft {
  at: number;
  entered: Entered;
  origin: Origin;
}

// Replays and differences

/** The members of a replay's counts by outcome. */
export type OutcomeMember = Exclude<keyof VersionReplay["executions"], "total" | "done">;

/** A value of a difference: its cell, and the value that a dialog shows when the cell is cut. */
export interface ShownValue {
  cell: Cell;
  value: MaybeJson;
}

/** A difference of two results with its values as they are shown; without a value, it is absent. */
export interface ShownDifference {
  change: "changed" | "added" | "removed" | "outcome";
  key: [column: string, value: ShownValue][] | null;
  position: number | null;
  cells: { column: string; before: ShownValue; after: ShownValue }[];
  row: [column: string, value: ShownValue][] | null;
  pointer: string | null;
  before: ShownValue;
  after: ShownValue;
}

/** A line of a replay's differences: that of one execution. */
export interface DifferenceLine extends ShownDifference {
  number: number;
  originalId: string;
  executionId: string;
}
