"""Who gets in: links for one opening, sessions, Host, Origin, sizes, and the headers of answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from recon.desk import guard
from recon.desk.app import build
from recon.desk.guard import Keys
from tests.desk.desk_support import BASE, ORIGIN, PORT, at, browser, opened

if TYPE_CHECKING:
    from pathlib import Path


def test_a_link_opens_once_and_leaves_a_strict_cookie(tmp_path: Path) -> None:
    _, keys, client = opened(tmp_path)
    token = keys.mint()
    first = client.get("/open", params={"token": token})
    cookie = first.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/").status_code != 401
    client.cookies.clear()
    assert client.get("/open", params={"token": token}).status_code == 401
    assert client.get("/").status_code == 401


def test_a_link_that_waited_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_LINK_LASTS", -1.0)
    _, keys, client = opened(tmp_path)
    assert client.get("/open", params={"token": keys.mint()}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/static/desk.css", "/lang", "/nothing"])
def test_without_a_session_nothing_is_shown(tmp_path: Path, path: str) -> None:
    _, _, client = opened(tmp_path)
    answer = client.get(path)
    assert answer.status_code == 401
    assert str(tmp_path) not in answer.text
    client.cookies.set("recon_desk_8123", "guessed")
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8123", "127.0.0.1:9", "", "[::1]"])
def test_another_host_is_refused_though_the_session_is_right(tmp_path: Path, host: str) -> None:
    _, client = at(tmp_path)
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:9", "https://127.0.0.1:8123"]
)
def test_a_post_from_elsewhere_is_refused(tmp_path: Path, origin: str | None) -> None:
    desk, keys, _ = opened(tmp_path)
    client = browser(desk, keys)
    client.headers.pop("Origin")
    headers = {} if origin is None else {"Origin": origin}
    assert client.post("/lang", data={"lang": "en"}, headers=headers).status_code == 403
    assert client.post("/lang", data={"lang": "en"}, headers=ORIGIN).status_code != 403


def test_other_sites_and_other_methods_are_refused(tmp_path: Path) -> None:
    _, client = at(tmp_path)
    assert client.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/", headers={"Sec-Fetch-Site": "same-site"}).status_code == 403
    for method in ("PUT", "DELETE", "OPTIONS", "TRACE"):
        assert client.request(method, "/").status_code == 403


def test_sizes_are_limited_and_must_be_said(tmp_path: Path) -> None:
    _, client = at(tmp_path)
    large = {"Content-Length": str(guard.MOST_FORM + 1)}
    assert client.post("/lang", headers=large, content=b"").status_code == 413
    chunked = client.post("/lang", content=iter([b"lang=en"]))
    assert chunked.status_code == 411


@pytest.mark.parametrize("path", ["/nothing", "/static/desk.css", "/open?token=x"])
def test_every_answer_bears_the_policy(tmp_path: Path, path: str) -> None:
    _, client = at(tmp_path)
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_pages_hold_no_inline_script_or_style(tmp_path: Path) -> None:
    _, client = at(tmp_path)
    page = client.get("/nothing").text
    assert "<script>" not in page
    assert "style=" not in page
    assert "http://" not in page.replace(BASE, "")
    assert "https://" not in page


def test_only_the_secret_gives_more_links(tmp_path: Path) -> None:
    _, _, client = opened(tmp_path)
    assert client.post("/link", headers={"X-Recon-Secret": "guessed"}).status_code == 403
    assert client.post("/link").status_code == 403
    with_origin = {"X-Recon-Secret": "secret", "Origin": "http://evil.example"}
    assert client.post("/link", headers=with_origin).status_code == 403
    token = client.post("/link", headers={"X-Recon-Secret": "secret"}).text
    assert client.get("/open", params={"token": token}).status_code == 200


def test_a_desk_without_a_kept_secret_gives_no_links(tmp_path: Path) -> None:
    desk, _, _ = opened(tmp_path)
    client = TestClient(build(desk, Keys(""), PORT), base_url=BASE)
    for headers in ({}, {"X-Recon-Secret": ""}):
        assert client.post("/link", headers=headers).status_code == 403


def test_the_language_is_of_each_browser(tmp_path: Path) -> None:
    desk, keys, _ = opened(tmp_path)
    one, other = browser(desk, keys), browser(desk, keys)
    one.post("/lang", data={"lang": "en", "back": "/nothing"})
    assert "There is no such page." in one.get("/nothing").text
    assert "没有这一页。" in other.get("/nothing").text


@pytest.mark.parametrize("back", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_the_language_switch_leads_nowhere_else(tmp_path: Path, back: str) -> None:
    _, client = at(tmp_path)
    answer = client.post("/lang", data={"lang": "en", "back": back}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_keys_are_kept_as_digests_only() -> None:
    keys = Keys("secret")
    token = keys.mint()
    assert token not in str(vars(keys))
    cookie = keys.open(token)
    assert cookie is not None
    assert cookie not in str(vars(keys))
    assert keys.session(cookie) is not None
    assert keys.session(cookie[:-1]) is None
