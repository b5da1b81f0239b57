"""A file in another encoding is refused with the name of that encoding, or with what the likeliest ones read."""

import gzip

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
        ("собака.wav,Собака лает во дворе\n", "cp866", "собака"),
        ("犬.wav,犬が吠えている。雨が降る\n", "cp932", "犬が吠え"),
        ("狗.wav,狗在叫，下雨了\n", "gb18030", "狗在叫"),
    ],
)
def test_the_encoding_is_named_with_words_as_it_reads_them(text, encoding, reading):
    fault = text_fault(text.encode(encoding))
    assert any(encoding in part and reading in part for part in fault.reason.split("seems to be ")[1].split(" or "))
    assert ("reads right" in fault.mend) == (" or " in fault.reason)


def test_a_compressed_file_is_called_so():
    fault = text_fault(gzip.compress(b"path,caption\n"))
    assert (fault.reason, fault.mend) == ("a gzip file, not text", "unpack it (gzip -d)")


def test_where_no_known_encoding_reads_right_the_file_is_to_be_saved_anew():
    fault = text_fault("path,caption\na.wav,כלב נובח בקול רם ברחוב\n".encode("cp1255"))
    assert fault.mend.endswith("from the one that reads right; if none does, save it anew where it was made")
