"""The key: who sends none or another gets no answer, whichever way; OpenAI's clients and browsers can send it."""

import base64

import httpx2 as httpx
import pytest
from openai import AuthenticationError, OpenAI

from adiff_data.core.errors import InputError
from adiff_model.serving.server import serve
from tests.adiff_model.serving.conftest import PROMPT, question, running

KEY = "sk-test-0123456789"


@pytest.fixture(scope="module")
def guarded(adiff):
    with running(adiff, key=KEY) as address:
        yield address


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        KEY,
        "Bearer",
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
        "Basic",
        "Basic %%%",
        basic("me:other"),
        basic(KEY),
        "Bearer \u00fc".encode("latin-1"),
        f"Digest {KEY}",
    ],
)
@pytest.mark.parametrize("path", ["/", "/v1/models", "/metrics", "/nowhere"])
def test_without_the_key_nothing_is_told(guarded, path, sent):
    answer = httpx.get(f"{guarded}{path}", headers={} if sent is None else {"Authorization": sent})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"
    assert KEY not in answer.text
    assert answer.headers["www-authenticate"].startswith("Basic ")


@pytest.mark.parametrize("sent", [f"Bearer {KEY}", f"bearer  {KEY}", basic(f"me:{KEY}"), basic(f":{KEY}")])
def test_with_the_key_everything_is(guarded, sent):
    for path in ("/", "/v1/models", "/metrics"):
        assert httpx.get(f"{guarded}{path}", headers={"Authorization": sent}).status_code == 200


def test_health_needs_no_key(guarded):
    assert httpx.get(f"{guarded}/health").status_code == 200


def test_a_large_body_without_the_key_is_refused_and_not_held(guarded):
    answer = httpx.post(f"{guarded}/v1/chat/completions", content=bytes(20_000_000), timeout=30)
    assert answer.status_code == 401


def test_openais_client_sends_it(guarded, recordings):
    asked = {"model": "tiny", "messages": question(*recordings[:2], PROMPT), "max_tokens": 3}
    right = OpenAI(base_url=f"{guarded}/v1", api_key=KEY, max_retries=0)
    assert right.chat.completions.create(**asked).choices[0].message.content
    wrong = OpenAI(base_url=f"{guarded}/v1", api_key="sk-other", max_retries=0)
    with pytest.raises(AuthenticationError, match="the API key is missing or wrong"):
        wrong.chat.completions.create(**asked)


@pytest.mark.slow
def test_a_browser_asks_for_it_and_the_page_works(browser, guarded, recordings):
    context = browser.new_context(http_credentials={"username": "me", "password": KEY})
    page = context.new_page()
    page.goto(guarded)
    page.set_input_files("#file1", str(recordings[0]))
    page.wait_for_selector("#picture1:visible")
    context.close()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_beyond_this_machine_it_is_needed(host):
    with pytest.raises(InputError, match="could ask; give an `api_key`"):
        serve(host=host, port=0)


@pytest.mark.parametrize("key", ["", "two words", "a\nb"])
def test_what_cannot_be_a_key_is_none(key):
    with pytest.raises(InputError, match="key"):
        serve(api_key=key, port=0)
