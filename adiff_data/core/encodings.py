"""Which encoding bytes are in that are not UTF-8.

Byte order marks and zeros tell UTF-16 and UTF-32; `charset-normalizer` knows all others. Which of Windows' and the
Mac's Western encodings it is, a few words tell better: by what each of them would make of the words.
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
_WESTERN = ("cp1252", "mac_roman")
_OTHERS = ["gb18030", "big5", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp437"]
_ICONV = {"mac_roman": "macintosh", "euc_jp": "euc-jp", "koi8_r": "koi8-r"}  # where its names are not Python's
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


def likely_encoding(content: bytes) -> str | None:
    """The encoding that bytes are probably in which are neither UTF-8 nor UTF-16 nor UTF-32: Python's name of it."""
    lines = (line for line in _lines_beyond_ascii(content) if not _is_utf8(line))
    sample = b"\n".join(islice(lines, _SAMPLE_LINES))
    matches = {match.encoding for match in from_bytes(sample, cp_isolation=list(_WESTERN))}
    western = [codec for codec in _WESTERN if codec in matches]
    if western:
        codec = min(western, key=lambda codec: _oddities(sample.decode(codec)))
        has_controls = any(0x80 <= byte <= 0x9F for byte in sample)  # as Latin-1, which is cp1252 without these bytes
        return codec if codec != "cp1252" or has_controls else "latin1"
    match = from_bytes(sample, cp_isolation=_OTHERS).best()
    return match.encoding if match else None


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
    encoding = likely_encoding(content)
    if encoding is None:
        return TextFault(reason, position, "save the file as UTF-8")
    start, end = content.rfind(b"\n", 0, position) + 1, content.find(b"\n", position)
    line = content[start : end if end >= 0 else None].decode(encoding, errors="replace")
    at = len(content[start:position].decode(encoding, errors="replace"))
    words = line[max(0, at - 10) : at + 10].strip()
    return TextFault(f"{reason}; the file seems to be {encoding} (“{words}”)", position, _conversion(encoding))


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
