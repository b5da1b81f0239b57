"""What models and servers put around an answer; each case is from a report about some model, server or gateway."""

import json

import pytest

from adiff_data.llm.wrapping import clean, leftover

TEXT = "Audio 1 has a dog's bark in a yard; audio 2 has heavy rain on a roof."

THINKING = [
    "<think>hm</think>{}",
    "<think>\nLet me see.\n</think>\n\n{}",
    "Let me see. Audio 1 is a dog.\n</think>\n\n{}",
    "[THINK]hm[/THINK]{}",
    "hm[/THINK]{}",
    "<thinking>hm</thinking>\n{}",
    "<reasoning>hm</reasoning>\n{}",
    "<Think>a<think>b</think>c</think>{}",
    "<thought>hm</thought>{}<think>was that right?",
    "◁think▷hm◁/think▷{}",
    "<seed:think>hm</seed:think>{}",
    "<|START_THINKING|>hm<|END_THINKING|><|START_RESPONSE|>{}<|END_RESPONSE|>",
    "<|begin_of_thought|>hm<|end_of_thought|><|begin_of_solution|>{}<|end_of_solution|>",
    "Thinking...\nhm\n...done thinking.\n\n{}",
    "<details type='reasoning'>\n<summary>Thought for 3 seconds</summary>\nhm\n</details>\n{}",
    "*thinks for a moment* {}",
    "(Thinking: both are short) {}",
    "> Which one is louder?\n> The rain.\n\n{}",
    "Reasoning: one is a dog,\nthe other is rain.\n\n{}",
    "<think/>{}",
    "< think >hm</ think >{}",
    "<plan>hm</plan>{}",
    "<chain_of_thought>hm</chain_of_thought>{}",
    "<scratch_pad>hm</scratch_pad>{}",
    "<unused94>thought\nhm<unused95>{}",
    "<|thinking|>hm<|/thinking|>{}",
    "hm<|endofthink|>{}",
]
TURNS = [
    "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{}<|return|>",
    "<|channel|>final<|message|>{}",
    "<|channel|>analysis<|message|>hm<|end|><|start|>assistant to=final code<|message|>{}",
    "to=final<|message|>{}",
    "<|start|>assistant to=final<|channel|>commentary<|message|>{}",
    "<|channel|>commentary to=final<|message|>{}",
    "<|start|>assistant{}",
    "<|channel|>final <|constrain|>text<|message|>{}<|end|>",
    "analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>{}",
    "We need a sentence.<|end|><|start|>assistant<|channel|>final<|message|>{}",
    "analysisWe need a sentence.assistantfinal{}",
    "{}<|im_end|>",
    "{}</s>",
    "{}<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nAnd another.",
    "{}<|endoftext|>Human: and now?",
    "{}<end_of_turn>\n<eos>",
    "{}<｜end▁of▁sentence｜>",
    "<s>[INST] Explain. [/INST] {}</s>",
    "<|im_start|>system\nHi.<|im_end|>\n<|im_start|>user\nExplain.<|im_end|>\n<|im_start|>assistant\n{}<|im_end|>",
    "<|im_start|>assistant\n{}<|im_end|>\n<|im_start|>user\nThanks!<|im_end|>",
    "<|start_header_id|>assistant<|end_header_id|>\n\n{}",
    "<start_of_turn>model\n{}<end_of_turn>",
    "<|assistant|>\n{}<|end|>",
    "<｜Assistant｜>{}",
    "<|begin_of_box|>{}<|end_of_box|>",
    "<|turn|>model\n{}",
    "{}\n\nUser: And what about the rain?\nAssistant: It rains.",
    "{}\n\n### Instruction:\nExplain.",
]
LABELS = [
    "Réponse : {}",
    "Antwort: {}",
    "Respuesta: {}",
    "答案：{}",
    "◆ {}",
    "{} [END]",
    "{}\n---\nNote: I know the captions alone.",
    "{}\n\n*(Note: 9 words)*",
    "assistant: {}",
    "Assistant:\n{}",
    "assistant\n\n{}",
    "**Assistant:** {}",
    "[assistant] {}",
    "AI: {}",
    "Answer: {}",
    "Assistant's answer: {}",
    "My answer is: {}",
    "final: {}",
    "User: Which one is louder?\nAssistant: {}",
    "answer - {}",
    "**Answer:** {}",
    "**Answer**: {}",
    "[Answer] {}",
    "[ANSWER]{}[/ANSWER]",
    "[FINAL] {}",
    "<b>Few words:</b> {}",
    "(Few words) {}",
    "Assistant (final): {}",
    "Final answer: {}",
    "### Response:\n{}",
    "Few words: {}",
    "Fewwords: {}",
    "few_words: {}",
    "In few words: {}",
    "**Few words (28 words):** {}",
    "**Sentence:** {}",
    "**One sentence:**\n\n{}",
    "## In a sentence\n\n{}",
    "Detailed explanation:\n{}",
    "Explanation of the difference between the two audios: {}",
    "Explain the difference in few words: {}",
    "Tier 1: {}",
    "Tier 1 (few words): {}",
    "Here is the explanation in few words:\n\n{}",
    "Sure! Here's the sentence: {}",
    "Certainly!\n\n{}",
    'Okay, here is a short comparison of the two recordings:\n\n"{}"',
    "I compare both.\n\nAnswer: {}",
    "The dog is in audio 1.\n\n**Final answer:**\n{}",
    "{} (28 words)",
    "{} (28 tokens)",
    "{}\n\n(28 words)",
    "{} [28 words]",
    "{}\n*(Word count: 28)*",
    "{}\n\nWord count: 28",
    "{} *(approximately 28 words)*",
    "(28 words) {}",
    "{}\n\nLet me know if you need another one!",
    "{}\n\n---",
    "---\n{}\n---",
]
QUOTES = [
    '"{}"',
    "“{}”",
    "«{}»",
    "„{}“",
    "'{}'",
    "‘{}’",
    "`{}`",
    '""{}""',
    '"{}',
    "```\n{}\n```",
    "```text\n{}\n```",
    "```{}```",
    "~~~\n{}\n~~~",
    "Here you are:\n```markdown\n{}\n```\nI hope this helps!",
    "**{}**",
    "*{}*",
    "> {}",
    "- {}",
    "1. {}",
    "<answer>{}</answer>",
    "I think so. <answer>{}</answer>",
    "<answer>{}",
    "<p>{}</p>",
    "<sentence>{}</sentence>",
    "$\\boxed{{{}}}$",
    '{{"sentence": "{}"}}',
    '```json\n{{"answer": "{}"}}\n```',
    '["{}"]',
    '{{"tier": "fewwords", "answer": "{}"}}',
]
CHARACTERS = ["\ufeff{}", "\x00{}", "\u200b{}\u200b", "{}\x1b[0m", "\u2028{}\u2029", "\\n{}\\n", "\xa0{}", "{}\r\n"]


@pytest.mark.parametrize("wrapping", [*THINKING, *TURNS, *LABELS, *QUOTES, *CHARACTERS])
def test_what_is_around_an_answer_is_taken_off(wrapping):
    assert clean(wrapping.format(TEXT)) == TEXT
    assert leftover(TEXT) is None


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a dog\u2028and rain", "a dog and rain"),
        ("a dog\x00 and rain", "a dog and rain"),
        ("a dogâ€™s bark", "a dog’s bark"),
        ("a dog\x92s bark", "a dog’s bark"),
        ("dogs &amp; rain", "dogs & rain"),
        ("a d\u200bog", "a dog"),
        ("a bird\ud83d\udc26", "a bird🐦"),
        ("café", "café"),
    ],
)
def test_characters_are_mended(text, read):
    assert clean(text) == read


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Audio 1: a dog's bark. Audio 2: heavy rain.",
        "The first audio: a dog. The second: rain.",
        'Audio 1 says "hello"; audio 2 says "bye"',
        '"Hello" is said in audio 1, and audio 2 has rain, "plip plop".',
        "'Tis a dog in audio 1; audio 2 has the dogs' owner.",
        "Here is a dog in audio 1, and rain in audio 2.",
        "In a sentence of speech, audio 1 has a man; audio 2 has none.",
        "Answering machines beep in audio 1: three of them; audio 2 is silent.",
        "Two sounds: a bark in audio 1 and rain in audio 2.",
        "AI voices speak in audio 1; a model train runs in audio 2.",
        "Audio 1 has two words (hello and bye); audio 2 has 28 words.",
        "Sure steps are heard in audio 1, rain in audio 2.",
        "2.5 knocks a second in audio 1 - audio 2 has rain.",
        "Audio 1 has a * b; audio 2 has _rain_.",
        "A detailed sound of rain - and then silence.",
        "Audio 1 (a short sentence) differs from audio 2 in level: < 3 dB against > 6 dB.",
    ],
)
def test_an_answer_stays_as_it_is(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    ["<think>Let me see", "analysisWe need to", "<|channel|>analysis<|message|>hm", "[THINK]hm", "<|im_end|>", '""'],
)
def test_thinking_alone_is_no_answer(text):
    assert clean(text) in ("", "analysisWe need to")
    assert not clean(text) or leftover(clean(text))


@pytest.mark.parametrize(
    "text",
    [
        "Audio 1 has a \ufffd dog.",
        "Audio 1 has a dog \ud83d here.",
        "Audio 1 has a <unk> dog.",
        "Audio 1 has a <|video_pad|> dog.",
        '{"fewwords": "A dog.", "sentence": "A dog."}',
        '{"fewwords": "A do',
        "<tool_call>explain</tool_call>",
        "<function_calls>x</function_calls>Audio 1 has a dog.",
        "<extra_id_0>Audio 1 has a dog.",
        "Audio\u01201\u0120has\u0120a\u0120dog.",
    ],
)
def test_what_cannot_be_taken_off_is_told(text):
    assert leftover(clean(text))


@pytest.mark.parametrize("wrapping", ['"{}"', "**Answer:** {}", "<think>x</think>{}", "{}<|im_end|>", "```\n{}\n```"])
def test_wrappings_around_wrappings_are_taken_off(wrapping):
    for outer in (*TURNS[:1], "Answer: {}", "**Few words:**\n{}", '"{}"', "```\n{}\n```"):
        assert clean(outer.format(wrapping.format(TEXT))) == TEXT


def test_a_text_in_json_is_unescaped():
    text = 'Audio 1 says "hello"; audio 2 has rain.'
    assert clean(json.dumps(text)) == text
    assert clean(json.dumps({"answer": text})) == text
