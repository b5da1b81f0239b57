"""Replies in the forms in which servers send them, whatever OpenAI's own documents say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adiff_data.llm.completion import NoCompletion, read_completion
from adiff_data.llm.reply import Reply

TEXT = "Audio 1 has a dog, audio 2 rain."
USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def body(usage: object = USAGE, **choice: object) -> bytes:
    return json.dumps({"choices": [{"index": 0, "finish_reason": "stop", **choice}], "usage": usage}).encode()


def saying(content: object, **message: object) -> bytes:
    return body(message={"role": "assistant", "content": content, **message})


def test_openais_own_form():
    assert read_completion(saying(TEXT)) == Reply(TEXT, "stop", 100, 20)


@pytest.mark.parametrize(
    "reply",
    [
        saying([{"type": "text", "text": TEXT}]),
        saying([{"type": "text", "text": TEXT[:9]}, {"type": "text", "text": TEXT[9:]}]),
        saying([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": TEXT}]),
        saying([{"type": "text", "text": {"value": TEXT, "annotations": []}}]),
        saying([TEXT]),
        saying({"parts": [{"text": TEXT}]}),
        saying(None, text=TEXT),
        saying(TEXT, reasoning_content="hm", tool_calls=[], audio=None, unheard_of={"a": [1]}),
        body(message=TEXT),
        body(text=TEXT),
        body(message=None, text=TEXT),
        body(message={}, text=TEXT),
        body(message={"role": "assistant", "content": ""}, text=TEXT),
        body(delta={"content": TEXT}),
        json.dumps({"choices": {"message": {"content": TEXT}, "finish_reason": "stop"}, "usage": USAGE}).encode(),
        json.dumps({"choices": [TEXT], "finish_reason": "stop", "usage": USAGE}).encode(),
        json.dumps({"message": {"role": "assistant", "content": TEXT}, "done_reason": "stop", "usage": USAGE}).encode(),
        json.dumps(
            {
                "role": "assistant",
                "content": [{"type": "text", "text": TEXT}],
                "stop_reason": "stop",
                "usage": {"input_tokens": 100, "output_tokens": 20},
            }
        ).encode(),
        b"\xef\xbb\xbf" + saying(TEXT),
        b"\n\n  \n" + saying(TEXT),
        b"[" + saying(TEXT) + b"]",
        saying(TEXT).decode().encode("utf-16"),
        saying(TEXT) + b"\0",
        saying(TEXT) + saying("another"),
        b": WAITING FOR A MODEL\n\n" + saying(TEXT),
        saying([{"text": "hm", "thought": True}, {"text": TEXT}]),
        json.dumps({"choices": [{"message": {"content": ""}}, json.loads(saying(TEXT))["choices"][0]], "usage": USAGE}),
        json.dumps({"choices": json.loads(saying(TEXT))["choices"], "x_vendor": {"usage": USAGE}}),
        json.dumps({"choices": [{"text": TEXT, "finish_reason": "stop", "usage": USAGE}]}),
    ],
)
def test_a_text_is_read_wherever_it_stands(reply):
    assert read_completion(reply) == Reply(TEXT, "stop", 100, 20)


def test_a_stream_that_nobody_asked_for_is_read_as_a_whole():
    events = [
        {"choices": [{"delta": {"role": "assistant", "content": ""}, "finish_reason": None}]},
        *({"choices": [{"delta": {"content": part}, "finish_reason": None}]} for part in (TEXT[:5], TEXT[5:])),
        {"choices": [{"delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": USAGE},
    ]
    lines = "".join(f"data: {json.dumps(event)}\n\n" for event in events)
    assert read_completion(f": keep-alive\n\n{lines}data: [DONE]\n\n") == Reply(TEXT, "stop", 100, 20)


def test_a_stream_of_json_lines_is_one_message():
    lines = [{"message": {"role": "assistant", "content": part}, "done": False} for part in (TEXT[:5], TEXT[5:])]
    last = {"message": {"content": ""}, "done_reason": "stop", "prompt_eval_count": 100, "eval_count": 20}
    assert read_completion("\n".join(map(json.dumps, [*lines, last]))) == Reply(TEXT, "stop", 100, 20)


def test_a_stream_that_ends_without_a_reason_was_broken_off():
    event = {"choices": [{"delta": {"content": "Audio 1 has"}, "finish_reason": None}]}
    assert read_completion(f"data: {json.dumps(event)}\n\n").finish_reason == "error"


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        ({"prompt_tokens": "100", "completion_tokens": "20"}, (100, 20)),
        ({"prompt_tokens": "1,100", "completion_tokens": "20.0"}, (1100, 20)),
        ({"prompt_tokens": 100.0, "completion_tokens": 19.2}, (100, 20)),
        ({"input_tokens": 100, "output_tokens": 20}, (100, 20)),
        (
            {"promptTokenCount": 100, "candidatesTokenCount": 20, "thoughtsTokenCount": 50, "totalTokenCount": 170},
            (100, 70),
        ),
        ({"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 420}, (100, 320)),
        ({**USAGE, "completion_tokens_details": {"reasoning_tokens": 15}}, (100, 20)),
        ({**USAGE, "completion_tokens_details": {"reasoning_tokens": 300}}, (100, 320)),
        ({**USAGE, "completion_tokens_details": None, "prompt_tokens_details": {"cached_tokens": 5}}, (100, 20)),
        ({"prompt_tokens": 100, "completion_tokens": 20, "reasoning_tokens": "300"}, (100, 320)),
    ],
)
def test_tokens_are_counted_however_they_are_told(usage, tokens):
    reply = read_completion(body(usage, message={"content": TEXT}))
    assert (reply.tokens_in, reply.tokens_out, reply.counted) == (*tokens, True)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        [],
        "none",
        {"prompt_tokens": None, "completion_tokens": None},
        {"prompt_tokens": 100},
        {"prompt_tokens": 100, "completion_tokens": "many"},
        {"prompt_tokens": 100, "completion_tokens": -1},
        {"prompt_tokens": 100, "completion_tokens": True},
        {"prompt_tokens": 0, "completion_tokens": 0},
        {"prompt_tokens": float("inf"), "completion_tokens": float("nan")},
    ],
)
def test_tokens_that_are_not_told_are_not_counted(usage):
    assert not read_completion(body(usage, message={"content": TEXT})).counted


@pytest.mark.parametrize(
    ("reason", "read"),
    [
        ("stop", "stop"),
        (1, "1"),
        (0, "0"),
        (None, None),
        ("MAX_TOKENS", "MAX_TOKENS"),
        ({"type": "stop"}, "stop"),
        ([], None),
    ],
)
def test_a_finish_reason_is_read_as_text(reason, read):
    assert read_completion(body(message={"content": TEXT}, finish_reason=reason)).finish_reason == read


def test_an_error_in_a_choice_is_its_finish_reason():
    reply = read_completion(
        body(message={"content": "Audio 1"}, finish_reason=None, error={"code": 502, "message": "no"})
    )
    assert reply.finish_reason == "error"


@pytest.mark.parametrize("parts", [None, [{"type": "refusal", "refusal": "I will not"}]])
def test_a_refusal_is_read_from_the_message_or_a_part(parts):
    message = {"content": parts} if parts else {"content": None, "refusal": "I will not"}
    assert read_completion(body(message=message)).refusal == "I will not"


def test_tokens_for_which_nothing_was_said_are_an_empty_reply():
    reply = read_completion({"choices": [], "usage": USAGE})
    assert (reply.text, reply.tokens_out, reply.counted) == ("", 20, True)


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        b"<html>proxy</html>",
        b"null",
        b"[]",
        b"5",
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [null]}',
        b'{"choices": [5]}',
        b'{"choices": [{}]}',
        b'{"object": "chat.completion"}',
        b'{"message": "the model is loading"}',
        b'{"choices": [{"message": {"content": "Audio 1 has',
        b"[" * 100_000,
        b'{"usage": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_holds_no_message_is_no_completion(reply):
    with pytest.raises(NoCompletion, match="not a chat completion"):
        read_completion(reply)


@pytest.mark.parametrize("error", [{"message": "no credit", "code": 402}, "no credit"])
def test_an_error_under_status_200_is_told(error):
    with pytest.raises(NoCompletion, match="no credit") as caught:
        read_completion({"error": error, "choices": []})
    assert caught.value.error == error


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["content", "text", "type", "x"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(["message", "text", "finish_reason", "delta", "error"]), JSON), JSON, JSON)
def test_whatever_json_comes_is_a_reply_or_no_completion(choice, usage, error):
    try:
        reply = read_completion(json.dumps({"choices": [choice], "usage": usage, "error": error}))
    except NoCompletion:
        return
    assert isinstance(reply.text, str)
    assert reply.tokens_in >= 0
    assert reply.tokens_out >= 0
