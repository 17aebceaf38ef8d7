"""The guide in both languages, as HTML and as Markdown, and the list of it for programs."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

from adapters.http.language import Language
from adapters.http.resources.guide_markdown import DOCUMENTED, render
from adapters.http.resources.guide_pages import SLUGS
from tests.adapters.http.api import Api, slug
from tests.adapters.http.test_pages import Elements
from tests.support.documents import blocks, headings

GUIDE = Path(__file__).parents[3] / "docs/guide"

page = pytest.mark.parametrize("name", SLUGS)
language = pytest.mark.parametrize("language", Language)


def test_the_pages_are_those_of_the_folder() -> None:
    for one in Language:
        assert {path.stem for path in (GUIDE / one).iterdir()} == set(SLUGS)


@page
def test_the_pages_of_both_languages_have_the_same_parts_and_blocks(name: str) -> None:
    english, portuguese = (GUIDE / one / f"{name}.md" for one in Language)
    assert headings(english) == headings(portuguese) != []
    assert blocks(english) == blocks(portuguese)


@language
@page
def test_every_link_of_a_page_leads_somewhere_in_its_language(api: Api, name: str, language: Language) -> None:
    path = f"/guide/{name}"
    shown = api.get(path, headers={"Accept-Language": language})
    assert shown.headers["content-language"] == language
    assert f'<html lang="{language}">' in shown.text
    elements = Elements(shown.text)
    ids = {attributes["id"] for _, attributes in elements.found if "id" in attributes}
    for tag, attributes in elements.found:
        href = attributes.get("href") if tag == "a" else None
        if href and not href.startswith("https:"):
            target, _, anchor = urljoin(path, unquote(href)).partition("#")
            answer = api.get(target, headers={"Accept": "text/html"})
            assert answer.status_code == 200, href
            if href.startswith("#"):
                assert anchor in ids
            elif "/guide/" in target and anchor:
                assert f'id="{anchor}"' in answer.text, href


@language
def test_the_contents_lead_to_every_page(api: Api, language: Language) -> None:
    shown = api.get(f"/guide?lang={language}")
    assert re.findall(rf'<dt><a href="\./guide/([\w-]+)\?lang={language}">', shown.text) == list(SLUGS)
    for name in SLUGS:
        assert api.get(f"/guide/{name}?lang={language}").status_code == 200


@language
@page
def test_a_page_is_also_sent_as_it_is_written(api: Api, name: str, language: Language) -> None:
    answer = api.get(f"/guide/{name}.md?lang={language}")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert answer.text == (GUIDE / language / f"{name}.md").read_text("utf-8").replace(DOCUMENTED, "http://bateia")


def test_examples_have_the_address_of_the_reader_where_the_host_is_known(api: Api) -> None:
    known, forged = (api.get("/guide/start", headers={"Host": host}).text for host in ("bateia", "127.0.0.1:8000"))
    assert '<span class="origin">http://bateia</span>/v1/scripts' in known
    assert f'<span class="origin">{DOCUMENTED}</span>/v1/scripts' in forged


def test_the_list_for_programs_leads_to_every_page_as_markdown(api: Api) -> None:
    links = re.findall(r"\]\((http://bateia/\S+)\)", api.get("/llms.txt").text)
    assert [f"http://bateia/guide/{name}.md" for name in SLUGS] == links[: len(SLUGS)]
    assert [api.get(link.removeprefix("http://bateia")).status_code for link in links] == [200] * len(links)


@pytest.mark.parametrize("name", ["nothing", "start.html", "nothing.md", ".md"])
def test_other_pages_are_not_there(api: Api, name: str) -> None:
    assert slug(api.get(f"/guide/{name}")) == (404, "not-found")


def test_markdown_becomes_html_without_markup_of_its_own() -> None:
    shown = render("# A `b`\n\nOne\ntwo.\n\n## C\n\n## C\n\n<b>d</b>\n\n```sh skip=x\n<e>\n```\n", Language.ENGLISH)
    assert (shown.title, shown.summary) == ("A b", "One two.")
    assert [(one.level, one.anchor) for one in shown.headings] == [(2, "c"), (2, "c-1")]
    assert "&lt;b&gt;d&lt;/b&gt;" in shown.html
    assert '<pre tabindex="0"><code class="language-sh">&lt;e&gt;\n</code></pre>' in shown.html


@pytest.mark.parametrize(("language", "caption"), [(Language.ENGLISH, "Output"), (Language.PORTUGUESE, "Saída")])
def test_an_output_has_a_caption_in_the_language_of_its_page(language: Language, caption: str) -> None:
    shown = render("# A\n\nB.\n\n```json output\n1\n```\n", language)
    assert f'<p class="caption">{caption}</p>\n<pre class="output"' in shown.html
