"""A database's URL may come from a file, and no refusal repeats it."""

from pathlib import Path

import pytest

from entrypoints.configuration.secret_files import with_secret_files
from entrypoints.configuration.settings import SettingProblem, read_settings

URL = "postgresql://someone:hunter2@db.example/bateia"


def problem_of(env: dict[str, str]) -> SettingProblem:
    (problem,) = with_secret_files(env).bind(read_settings).failure()
    return problem


@pytest.mark.parametrize("text", [URL, f"{URL}\n", f"{URL}\r\n", f" \t{URL} \n\n", f"\ufeff{URL}\n"])
def test_the_url_in_a_file_is_as_good_as_in_the_environment(tmp_path: Path, text: str) -> None:
    (tmp_path / "url").write_text(text, "utf-8", newline="")
    env = {f"{name}_FILE": str(tmp_path / "url") for name in ("DATABASE_URL", "DATABASE_DIRECT_URL")}
    settings = with_secret_files(env).bind(read_settings).unwrap()
    assert settings.database_url == settings.database_direct_url == URL
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("around", ["\n", "\r\n", " "])
def test_white_space_around_a_url_in_the_environment_is_no_part_of_it(around: str) -> None:
    assert read_settings({"DATABASE_URL": f"{URL}{around}"}).unwrap().database_url == URL


def test_a_way_around_a_pooler_without_one_is_refused() -> None:
    (problem,) = read_settings({"DATABASE_DIRECT_URL": URL}).failure()
    assert str(problem).startswith("DATABASE_DIRECT_URL: DATABASE_URL is not set")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///x?host=/a@b&user=me",
        "postgresql://me@%2Frun%2Fa%40b/x",
        "postgresql://me@one:1,two:2/x",
        "postgresql://me:p?w@[::1]:5432/x?application_name=a@b",
        "postgres://",
    ],
)
def test_an_unambiguous_url_is_accepted(url: str) -> None:
    assert read_settings({"DATABASE_URL": url}).unwrap().database_url == url


def test_without_a_file_the_environment_is_as_it_was() -> None:
    env = {"DATABASE_URL": URL, "DATABASE_URL_FILE": ""}
    assert with_secret_files(env).unwrap() == env


def test_two_urls_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "url").write_text(URL)
    problem = problem_of({"DATABASE_URL": URL, "DATABASE_URL_FILE": str(tmp_path / "url")})
    assert "set too" in str(problem)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [(None, "FileNotFoundError"), (b"\n", "empty"), (b"\xff", "Unicode"), (b"mysql://root:hunter2@db/x", "scheme")],
)
def test_a_file_that_does_not_do_is_refused_and_not_repeated(tmp_path: Path, content: bytes | None, wrong: str) -> None:
    if content is not None:
        (tmp_path / "url").write_bytes(content)
    problem = str(problem_of({"DATABASE_URL_FILE": str(tmp_path / "url")}))
    assert wrong in problem
    assert "hunter2" not in problem
