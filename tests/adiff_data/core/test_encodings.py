"""A file in another encoding is refused with the name of that encoding, or with what the likeliest ones read."""

import pytest

from adiff_data.core.encodings import text_fault

CZECH = "žába.wav,Žába kváká u rybníka, příští vlak přijíždí\nřeka.wav,Řeka šumí mezi kameny\n"
POLISH = "a.wav,Pies szczeka na podwórzu, słychać deszcz i śpiew ptaków\n"
TURKISH = "a.wav,Kuş ötüyor, çığlık\n"


@pytest.mark.parametrize(
    ("text", "encoding", "reading"),
    [
        (POLISH, "cp1250", "słyc"),
        (CZECH, "cp1250", "příští"),
        (CZECH, "iso8859_2", "žába"),
        (TURKISH, "cp1254", "Kuş"),
        ("a.wav,A man’s voice in a café\n", "cp1252", "man’s"),
        ("a.wav,A café, señor, Straße\n", "latin1", "señor"),
        ("a.wav,Une forêt à l'été\n", "cp850", "forêt"),
        ("собака.wav,Собака лает во дворе\n", "koi8_r", "собака"),
        ("犬.wav,犬が吠えている。雨が降る\n", "cp932", "犬が吠え"),
        ("狗.wav,狗在叫，下雨了\n", "gb18030", "狗在叫"),
    ],
)
def test_the_encoding_is_named_with_words_as_it_reads_them(text, encoding, reading):
    fault = text_fault(text.encode(encoding))
    assert any(encoding in part and reading in part for part in fault.reason.split("seems to be ")[1].split(" or "))
    assert ("reads right" in fault.mend) == (" or " in fault.reason)
