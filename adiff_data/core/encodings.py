"""Which encoding bytes are in that are not UTF-8.

Byte order marks and zeros tell UTF-16 and UTF-32; `charset-normalizer` knows all others. Which of the encodings of
Latin letters it is, a few words tell better: by what each of them would make of the words. Where that leaves several,
the message shows what they read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from charset_normalizer import from_bytes

_MARKS = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_LATIN = ("cp1252", "cp1250", "iso8859_2", "mac_roman", "cp1254", "cp850", "cp852")  # the commonest first
_OTHERS = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1253", "cp866"]
_ICONV = {  # where its names are not Python's
    "mac_roman": "macintosh",
    "euc_jp": "euc-jp",
    "koi8_r": "koi8-r",
    "iso8859_2": "iso-8859-2",
}
_MOST_READINGS = 3
_SAMPLE_LINES = 200
_SAMPLE_BYTES = 4096


@dataclass(frozen=True)
class TextFault:
    """Why bytes are not text in UTF-8.

    Attributes:
        position: the index of the first wrong byte.
        mend: what the user can do about it.
    """

    reason: str
    position: int
    mend: str


def text_fault(content: bytes) -> TextFault | None:
    """What is wrong with the content of a file that should be text in UTF-8, with or without a byte order mark."""
    if content.startswith(b"PK\x03\x04"):
        return TextFault("a zip or Excel file, not text", 0, "save it as CSV in UTF-8")
    if content.startswith(b"\x1f\x8b"):
        return TextFault("a gzip file, not text", 0, "unpack it (gzip -d)")
    wide = next((codec for mark, codec in _MARKS.items() if content.startswith(mark)), None)
    if wide is None and b"\0" in content:
        wide = _wide_encoding(content)
    if wide is not None:
        return TextFault(f"the file is {wide.upper()}, not UTF-8", 0, _conversion(wide))
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _narrow_fault(content, fault.start)
    return None


def likely_encodings(content: bytes) -> list[str]:
    """The encodings that bytes may be in which are neither UTF-8 nor UTF-16 nor UTF-32, the likeliest first: Python's
    names of them."""
    lines = (line for line in _lines_beyond_ascii(content) if not _is_utf8(line))
    sample = b"\n".join(islice(lines, _SAMPLE_LINES))
    if not from_bytes(sample, cp_isolation=list(_LATIN)):
        return [match.encoding for match in from_bytes(sample, cp_isolation=_OTHERS)]
    readings = {codec: text for codec in _LATIN if (text := _decoded(sample, codec)) is not None}
    oddities = {codec: _oddities(text) for codec, text in readings.items()}
    fewest = min(oddities.values())
    likely = [codec for codec, count in oddities.items() if count == fewest]
    has_controls = any(0x80 <= byte <= 0x9F for byte in sample)  # as Latin-1, which is cp1252 without these bytes
    return [codec if codec != "cp1252" or has_controls else "latin1" for codec in likely]


def _decoded(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return None


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark: that in which most of the beginning is ASCII."""
    sample = content[:_SAMPLE_BYTES]
    shares = {codec: _share_of_ascii(sample.decode(codec, errors="replace")) for codec in _WIDE}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] > 0.5 else None


def _share_of_ascii(text: str) -> float:
    return sum("\t" <= character <= "~" for character in text) / len(text) if text else 0.0


def _narrow_fault(content: bytes, position: int) -> TextFault:
    reason = f"byte 0x{content[position]:02x} is not UTF-8"
    lines = list(islice(_lines_beyond_ascii(content), _SAMPLE_LINES))
    if sum(map(_is_utf8, lines)) * 2 > len(lines):
        return TextFault(f"{reason}, though most of the file is", position, "correct this row")
    encodings = likely_encodings(content)
    if not encodings:
        return TextFault(reason, position, "save the file as UTF-8")
    readings = _different_readings(lines, encodings)
    listed = " or ".join(f"{encoding} (“{words}”)" for encoding, words in readings.items())
    mend = _conversion(next(iter(readings)))
    if len(readings) > 1:
        mend = f"{mend}, from the one that reads right; if none does, save it anew where it was made"
    return TextFault(f"{reason}; the file seems to be {listed}", position, mend)


def _different_readings(lines: list[bytes], encodings: list[str]) -> dict[str, str]:
    """Some words beyond ASCII as each encoding reads them, at the first place where some differ; the likeliest of those
    that read them alike."""
    for line in lines:
        texts = {encoding: line.decode(encoding, errors="replace") for encoding in encodings}
        characters = enumerate(zip(*texts.values(), strict=False))
        place = next((index for index, read in characters if len(set(read)) > 1), None)
        if place is not None:
            likeliest = {text: encoding for encoding, text in reversed(texts.items())}
            chosen = [encoding for encoding, text in texts.items() if likeliest[text] == encoding]
            return {encoding: _words_at(texts[encoding], place) for encoding in chosen[:_MOST_READINGS]}
    text = lines[0].decode(encodings[0], errors="replace")
    place = next(index for index, character in enumerate(text) if not character.isascii())
    return {encodings[0]: _words_at(text, place)}


def _words_at(text: str, place: int) -> str:
    return text[max(0, place - 10) : place + 10].strip()


def _conversion(encoding: str) -> str:
    return f"save it as UTF-8 (iconv -f {_ICONV.get(encoding, encoding)} -t utf-8)"


def _lines_beyond_ascii(content: bytes) -> Iterator[bytes]:
    return (line for line in content.splitlines() if not line.isascii())


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _oddities(text: str) -> int:
    """How many characters stand where no writer puts them: a capital behind a small letter (cafŽ), a sign between two
    letters (ni–o), a capital of one letter, a control character."""
    around = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return sum(_is_odd(before, character, after) for before, character, after in around if not character.isascii())


def _is_odd(before: str, character: str, after: str) -> bool:
    if character.isupper():
        return before.islower() or (before.isalpha() and after.islower()) or not (before + after).strip()
    if character.isalpha():
        return character == "ˆ"
    return not character.isprintable() or (character != "’" and before.isalpha() and after.isalpha())
