"""What a model says aloud in its raw output: without its thinking, and without its chat template's tokens and turns."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"<[|｜]\s*([^<>|｜\n]{1,40}?)\s*[|｜]>|<(/?s|eos|bos|pad|start_of_turn|end_of_turn|end_of_utterance)>|"
    r"\[(/?INST)\]|<(</?SYS>)>",
    re.IGNORECASE,
)
_ROLE_FOLLOWS = frozenset({"im_start", "start_header_id", "start", "start_of_turn", "turn"})
_TURNS = {
    **dict.fromkeys(("assistant", "chatbot_token", "model", "/inst"), "assistant"),
    **dict.fromkeys(("user", "user_token", "system", "system_token", "inst", "<sys>", "tool", "human"), "user"),
}
_ENDS = frozenset(
    [
        *("im_end", "eot", "eot_id", "eom_id", "eod", "eod_id", "end", "return", "call", "sep", "end_turn", "/s"),
        *("endoftext", "end_of_text", "end_of_sentence", "eos", "pad", "end_of_turn", "end_of_utterance", "</sys>"),
        *("end_of_turn_token", "end_response", "end_of_box", "end_of_solution"),
    ]
)
_SEPARATORS = frozenset(
    [
        *(
            "s",
            "bos",
            "begin_of_text",
            "begin_of_sentence",
            "im_sep",
            "end_header_id",
            "message",
            "channel",
            "constrain",
        ),
        *("start_of_turn_token", "start_response", "begin_of_box", "begin_of_solution"),
    ]
)
_KNOWN = _ROLE_FOLLOWS | _TURNS.keys() | _ENDS | _SEPARATORS
_ROLE = re.compile(
    r"\s*(assistant|model|chatbot|user|system|human|tool|developer)(?:\b|(?-i:(?=[A-Z]))):?\s*", re.IGNORECASE
)
_CHANNEL = re.compile(r"\s*(analysis|commentary|final)\b", re.IGNORECASE)
_TO_FINAL = (
    re.compile(  # the channel's name in the place of a recipient's, with a type of content or a channel after it
        r"\s*\bto=final\b(?:\s*(?:<\|constrain\|>)?\s*(?:code|json|text)\b)?(?:\s*<\|channel\|>\s*\w+)?\s*(?=<\|)",
        re.IGNORECASE,
    )
)
_BARE_CHANNEL = re.compile(r"\A\s*(?=(?:analysis|commentary|final)\s*<\|message\|>)", re.IGNORECASE)

_THOUGHT = (
    r"think|thinking|thoughts?|thought_process|reason|reasoning|reflect|reflection|scratch_?pad|analysis|"
    r"(?:inner|internal)(?:_monologue)?|plan|planning|cot|chain_of_thought|\w+:think|ant_?thinking"
)
_THINKING = re.compile(
    rf"(?P<open><\s*(?:{_THOUGHT})\b[^<>]*>|\[(?:think|thinking|reasoning)\]|◁think▷|<unused94>|"
    r"<\|(?:start_thinking|begin_of_thought|think|thinking|reasoning_start|beginofthink)\|>)|"
    rf"<\s*/\s*(?:{_THOUGHT})\s*>|\[/(?:think|thinking|reasoning)\]|◁/think▷|<unused95>|"
    r"<\|(?:end_thinking|end_of_thought|/think|/thinking|reasoning_end|endofthink)\|>",
    re.IGNORECASE,
)
_EMPTY_THOUGHT = re.compile(rf"<(?:{_THOUGHT})\s*/>", re.IGNORECASE)
_THINKING_IN_WORDS = (
    re.compile(r"\A\s*(?:analysis|commentary)(?=[A-Z\s]).*?assistant\s?final(?:\s?json)?", re.DOTALL),
    re.compile(r"\A\s*Thinking\.\.\.\s.*?\.\.\.done thinking\.", re.DOTALL),
    re.compile(
        r"\A\s*<details\b[^>]*>\s*<summary>[^<]*(?:think|thought|reason)[^<]*</summary>.*?</details>",
        re.DOTALL | re.IGNORECASE,
    ),
    re.compile(r"\A\s*(?:[*_]+|\()\s*(?:thinks?|thinking|pauses?|hmm+)\b[^*_()\n]{0,80}[*_)]+\s*(?=\S)", re.IGNORECASE),
)
_TAG = r"<\s*/?\s*[a-z][\w:.-]*(?:\s[^<>]*)?/?>"  # of whatever vocabulary: answers are plain text
_LEFTOVER = re.compile(rf"{_TOKEN.pattern}|{_THINKING.pattern}|{_TAG}", re.IGNORECASE)
_MARKS = "<[◁"  # all tags and tokens begin with one of these, and few answers have any
_CHANNEL_IN_WORDS = re.compile(r"\Aanalysis[A-Z]")


def spoken(text: str) -> str:
    """The first turn of the assistant, as it is meant to be read; empty where the model only thought.

    It knows the tags of thinking, of which the first is often lost, and the tokens of ChatML, Llama, Gemma, Mistral,
    Command, DeepSeek and OpenAI's harmony, which servers should take off. What looks like a token and is none of these
    stays (`leftover_token`).
    """
    for preamble in _THINKING_IN_WORDS:
        text = preamble.sub("", text)
    return _first_turn(_without_thinking(text)).strip() if _is_marked(text) else text.strip()


def leftover_token(text: str) -> str | None:
    """The first token or tag of thinking that a text still has."""
    token = (_LEFTOVER.search(text) if _is_marked(text) else None) or _CHANNEL_IN_WORDS.match(text)
    return token.group() if token else None


def _is_marked(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _without_thinking(text: str) -> str:
    """What stands outside of thinking. A closing tag alone ends thinking that began with the text."""
    if not _THINKING.search(text):
        return text
    text = _EMPTY_THOUGHT.sub("", text)
    aloud, begin, thinks = "", 0, False
    for tag in _THINKING.finditer(text):
        if tag["open"]:
            aloud += "" if thinks else text[begin : tag.start()]
        elif not thinks:
            aloud = ""
        thinks, begin = bool(tag["open"]), tag.end()
    return aloud if thinks else aloud + text[begin:]


def _first_turn(text: str) -> str:
    """The first part between tokens that the assistant says; in harmony, the first on the final channel."""
    text = _BARE_CHANNEL.sub("<|channel|>", _TO_FINAL.sub("<|channel|>final", text))
    turns: list[str] = []
    role, channel = "assistant", ""
    for token, part in _parts(text):
        spoken = part
        if token in _ROLE_FOLLOWS:
            match = _ROLE.match(part)
            role = _TURNS.get(match[1].lower(), "user") if match else "assistant"
            spoken = part[match.end() :] if match else part
        elif token in _TURNS:
            role = _TURNS[token]
        elif token == "channel":
            match = _CHANNEL.match(part)
            channel, spoken = match[1].lower() if match else "", ""
        elif token == "constrain":
            spoken = ""
        elif token in _ENDS:
            role, channel = "assistant", ""
        if role != "assistant" or not spoken.strip() or _ROLE.fullmatch(spoken):
            continue
        if channel == "final":
            return spoken
        if not channel:
            turns.append(spoken)
    return turns[0] if turns else ""


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Each known token's name with the text up to the next; the text before the first has an empty name."""
    name, begin = "", 0
    for match in _TOKEN.finditer(text):
        token = next(group for group in match.groups() if group).lower().replace("▁", "_").replace(" ", "_")
        if token in _KNOWN:
            yield name, text[begin : match.start()]
            name, begin = token, match.end()
    yield name, text[begin:]
