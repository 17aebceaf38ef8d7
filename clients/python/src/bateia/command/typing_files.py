"""The files that make an editor know a script's surroundings: the types of `process` and of the sandbox's globals."""

from __future__ import annotations

import json
from typing import Any

_MOST_DEPTH = 6
_MOST_ELEMENTS = 1000

TYPES = """// Types of scripts for editors, written by `bateia types`. In a script:
//
//   /** @type {Process} */
//   function process(data) { ... }

/** The dataset of an execution. */
type Dataset = DATASET;

/** The place of a part of a job's input; `count` is null where it is not known yet. */
interface Part {
  index: number;
  count: number | null;
}

/** Makes the result of a dataset, a JSON value; in a job, of a part of the input. */
type Process = (data: Dataset, part?: Part) => unknown;

/** Makes one value of the partial results of a job. */
type Merge = (partials: any[]) => unknown;

interface Console {
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  debug(...values: unknown[]): void;
}

/** What is written here is in the log of the execution. */
declare var console: Console;
declare function structuredClone<T>(value: T): T;
declare function atob(data: string): string;
declare function btoa(data: string): string;
declare function setTimeout(callback: (...values: any[]) => void, delay?: number, ...values: any[]): unknown;
declare function clearTimeout(timer: unknown): void;
declare var TextEncoder: { new (): { encode(text?: string): Uint8Array } };
declare var TextDecoder: { new (encoding?: string, options?: object): { decode(data?: ArrayBufferView): string } };
declare var URL: { new (url: string, base?: string): any };
declare var URLSearchParams: { new (init?: any): any };
declare var crypto: { randomUUID(): string; subtle: { digest(algorithm: string, data: any): Promise<ArrayBuffer> } };
"""


def editor_settings() -> str:
    """Write the settings of an editor: the language of the sandbox, without a browser's or Node's globals."""
    options = {"checkJs": True, "strict": False, "target": "ES2023", "lib": ["ES2023"], "types": [], "noEmit": True}
    return json.dumps({"compilerOptions": options, "include": ["*.js", "*.d.ts"]}, indent=2) + "\n"


def dataset_type(value: Any, depth: int = 0) -> str:
    """Derive a type of TypeScript from a sample; of an array, from its first 1,000 elements."""
    if depth > _MOST_DEPTH or value == [] or value == {}:
        return "any[]" if value == [] else "any"
    if isinstance(value, list):
        return f"({_union(value[:_MOST_ELEMENTS], depth)})[]"
    if isinstance(value, dict):
        return _object([value], depth)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    return {bool: "boolean", int: "number", float: "number", str: "string"}[type(value)]


def _union(values: list[Any], depth: int) -> str:
    """Join the types of values; objects become one type, in which a member that some lack is optional."""
    objects = [value for value in values if isinstance(value, dict)]
    types = [dataset_type(value, depth + 1) for value in values if not isinstance(value, dict)]
    if objects:
        types.insert(0, _object(objects, depth))
    return " | ".join(dict.fromkeys(types))


def _object(values: list[dict[str, Any]], depth: int) -> str:
    names = dict.fromkeys(name for value in values for name in value)
    members = []
    for name in names:
        given = [value[name] for value in values if name in value]
        mark = "" if len(given) == len(values) else "?"
        members.append(f"{json.dumps(name, ensure_ascii=False)}{mark}: {_union(given, depth + 1)}")
    return f"{{ {'; '.join(members)} }}"
