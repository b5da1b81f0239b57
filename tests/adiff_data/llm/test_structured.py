"""Answers in JSON, as models write it with and without a schema."""

import json

import pytest

from adiff_data.llm.structured import is_unsupported, read_texts

KEYS = ("fewwords", "sentence", "detail")
TEXTS = {key: f'Audio 1 has "{key}", audio 2 rain.' for key in KEYS}
WHOLE = json.dumps(TEXTS)


@pytest.mark.parametrize(
    "reply",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"```\n{WHOLE}\n```\nLet me know.",
        f"Here are the three explanations:\n\n{WHOLE}\n\nI hope this helps.",
        f"I use the keys {{fewwords}} and [sentence]: {WHOLE}",
        f"<think>{{'fewwords': 'x'}}</think>{WHOLE}",
        f"{WHOLE[:-1]},}}",
        f"{WHOLE[:-1]}\n  ,\n}}",
        f"[{WHOLE}]",
        f"[{WHOLE},]",
        json.dumps({"answers": TEXTS}),
        json.dumps({"result": {"tiers": [TEXTS]}}),
        json.dumps([{key: text} for key, text in TEXTS.items()]),
        json.dumps([{"tier": key, "answer": text} for key, text in TEXTS.items()]),
        json.dumps({key: {"text": text} for key, text in TEXTS.items()}),
        json.dumps({key: [text] for key, text in TEXTS.items()}),
        json.dumps({key.upper(): text for key, text in TEXTS.items()}),
        json.dumps(dict(zip(("Few words", "A sentence", "In detail"), TEXTS.values(), strict=True))),
        json.dumps(dict(zip(("few_words", "sentence_explanation", "detailed"), TEXTS.values(), strict=True))),
        json.dumps({**TEXTS, "note": "done", "words": 5}),
        json.dumps(WHOLE),
        json.dumps({"fewwords": "draft", "sentence": ""}) + "\n\nBetter:\n" + WHOLE,
        str(TEXTS),
        f"<|channel|>final <|constrain|>json<|message|>{WHOLE}<|return|>",
        WHOLE.replace(", audio", ",\taudio"),
        json.dumps(TEXTS, indent=2),
    ],
)
def test_all_texts_are_read(reply):
    read = read_texts(reply, KEYS)
    assert {key: text.replace("\t", " ") for key, text in read.items()} == TEXTS


def test_each_text_is_cleaned():
    assert read_texts(json.dumps({"fewwords": "**Few words:** A dog. (2 words)"}), KEYS) == {"fewwords": "A dog."}


@pytest.mark.parametrize(
    ("reply", "keys"),
    [
        ("no JSON at all", set()),
        ("", set()),
        ('{"fewwords": "cut', set()),
        ('{"fewwords": "A dog.", "sentence": "cut', set()),
        ('{"other": 1}', set()),
        ('{"fewwords": 5, "sentence": null, "detail": "A dog."}', {"detail"}),
        ('{"fewwords": "", "detail": "A dog."}', {"detail"}),
        ('{"fewwords and sentence": "A dog."}', set()),
        ("[" * 10_000, set()),
        ("{" * 10_000, set()),
        ('{"a": ' * 2000 + "1" + "}" * 2000, set()),
    ],
)
def test_what_is_not_there_is_left_out(reply, keys):
    assert read_texts(reply, KEYS).keys() == keys


@pytest.mark.parametrize(
    ("reason", "unsupported"),
    [
        ("400: structured outputs are not supported by this model", True),
        ("400: 'response_format' of type 'json_schema' is not supported with this model", True),
        ("404: No endpoints found that support the requested parameter: structured_outputs", True),
        ("500: guided_json: grammar could not be compiled", True),
        ("400: maximum context length exceeded", False),
        ("404: no such model", False),
    ],
)
def test_a_server_without_structured_output_says_so(reason, unsupported):
    assert is_unsupported(reason) == unsupported
