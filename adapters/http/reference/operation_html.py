"""An operation as a part of a page: what it does, its parameters, bodies and responses, and samples beside them."""

import json
from collections.abc import Iterable, Iterator
from html import escape

from attrs import frozen

from adapters.http.reference.operations import Answer, Content, Described, Document, Refusal
from adapters.http.reference.samples import LANGUAGES, sample_request, samples
from adapters.http.reference.types import member_row, members, table, type_of
from adapters.http.resources.guide_markdown import code, markup


@frozen
class OperationPages:
    """Shows operations of a document. `common` are the refusals that are listed once for all of them."""

    document: Document
    common: tuple[Refusal, ...]

    def operation(self, shown: Described) -> str:
        """Build the part of a page about an operation."""
        about = (
            f"{markup(shown.description)}{_parameters(shown)}{''.join(self._bodies(shown.bodies))}"
            f"<h3>Responses</h3>\n{''.join(self._answer(one) for one in shown.answers)}"
            f"{self._refusals(shown.refusals)}"
        )
        return (
            f'<section class="operation">\n<h2 id="{shown.name}">{escape(shown.summary)}</h2>\n'
            f'<p class="request"><b>{shown.method}</b> <code>{escape(shown.path)}</code></p>\n'
            f'<div class="columns">\n{_samples(shown)}<div>\n{about}</div>\n</div>\n</section>\n'
        )

    def _bodies(self, bodies: Iterable[Content]) -> Iterator[str]:
        """Describe the forms of a body, those of the same schema together."""
        by_schema: dict[str, list[Content]] = {}
        for body in bodies:
            by_schema.setdefault(json.dumps(body.schema, sort_keys=True), []).append(body)
        for number, forms in enumerate(by_schema.values()):
            head = "<h3>Request body</h3>\n" if number == 0 else ""
            media_types = ", ".join(f"<code>{one.media_type}</code>" for one in forms)
            schema = forms[0].schema
            about = "" if "$ref" in schema else markup(schema.get("description", ""))
            yield f"{head}<p>{media_types}</p>\n{about}{members(self.document, schema)}"

    def _answer(self, answer: Answer) -> str:
        details = "".join(self._content(answer, one) for one in answer.contents)
        return f"<p><b>{answer.status}</b> {escape(answer.description)}</p>\n{details}"

    def _content(self, answer: Answer, content: Content) -> str:
        shown = "".join(
            code(_text(example), "json" if content.media_type.endswith("json") else "text")
            for example in list(content.examples.values())[:1]
        )
        kind = f", {type_of(content.schema)}" if "$ref" in content.schema else ""
        label = f"<code>{content.media_type}</code>"
        if not shown:
            return f"<p>{label}{kind}</p>\n"
        return f"<p>{label}{kind}</p>\n<details><summary>Example of {answer.status}</summary>\n{shown}</details>\n"

    def _refusals(self, refusals: tuple[Refusal, ...]) -> str:
        own = [one for one in refusals if one not in self.common]
        also = '<p>Beside these, each operation has the <a href="../docs#refusals">common refusals</a>.</p>\n'
        if not own:
            return '<p>Only the <a href="../docs#refusals">common refusals</a>.</p>\n'
        return f"<details><summary>Refusals ({len(own)})</summary>\n{refusal_table(own, '..')}{also}</details>\n"


def refusal_table(refusals: Iterable[Refusal], root: str) -> str:
    """Build the table of refusals, each with a link to its page."""
    rows = (
        (one.status, f'<a href="{root}/problems/{one.slug}?lang=en">{one.slug}</a>', escape(one.title))
        for one in refusals
    )
    return table(("Status", "Type", "Title"), rows)


def _parameters(shown: Described) -> str:
    if not shown.parameters:
        return ""
    rows = (
        member_row(one["name"], one["schema"], one["in"] == "path" or one.get("required", False), one["description"])
        for one in shown.parameters
    )
    placed = (
        (f'{name}<br><span class="quiet">{one["in"]}</span>', *rest)
        for one, (name, *rest) in zip(shown.parameters, rows, strict=True)
    )
    return f"<h3>Parameters</h3>\n{table(('Name', 'Type', 'Description'), placed)}"


def _samples(shown: Described) -> str:
    parts = "".join(
        f'<section data-sample="{name}">\n<h3>{name}</h3>\n{code(text, LANGUAGES[name])}</section>\n'
        for name, text in samples(sample_request(shown)).items()
    )
    return f'<div class="samples">\n{parts}</div>\n'


def _text(example: object) -> str:
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
