"""What a card says of a corpus: its terms, its home, and how it is cited."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Terms:
    """The terms of one corpus.

    Attributes:
        title: its name as its authors write it.
        captions: the licence of its captions, in words.
        recordings: that of its recordings.
        link: where both are told.
        citation: BibTeX.
        free: whether the Hub may say a plain licence (`cc0-1.0`) for a dataset of this corpus alone.
    """

    title: str
    captions: str
    recordings: str
    link: str
    citation: str
    free: str | None = None


ADIFF_CITATION = """@inproceedings{deshmukh2025adiff,
  title     = {{ADIFF}: Explaining audio difference using natural language},
  author    = {Deshmukh, Soham and Han, Shuo and Singh, Rita and Raj, Bhiksha},
  booktitle = {International Conference on Learning Representations},
  year      = {2025}
}"""

TERMS = {
    "clotho": Terms(
        title="Clotho v2.1",
        captions="for non-commercial use, with attribution (Tampere University licence)",
        recordings="each under its own Creative Commons licence, from Freesound",
        link="https://zenodo.org/records/4783391",
        citation="""@inproceedings{drossos2020clotho,
  title     = {Clotho: an Audio Captioning Dataset},
  author    = {Drossos, Konstantinos and Lipping, Samuel and Virtanen, Tuomas},
  booktitle = {ICASSP},
  year      = {2020}
}""",
    ),
    "audiocaps": Terms(
        title="AudioCaps v1",
        captions="for academic use (MIT licence of its repository)",
        recordings="from YouTube; they are not part of this dataset",
        link="https://github.com/cdjkim/audiocaps",
        citation="""@inproceedings{kim2019audiocaps,
  title     = {{AudioCaps}: Generating Captions for Audios in The Wild},
  author    = {Kim, Chris Dongjoo and Kim, Byeongchang and Lee, Hyunmin and Kim, Gunhee},
  booktitle = {NAACL-HLT},
  year      = {2019}
}""",
    ),
    "wavcaps": Terms(
        title="WavCaps",
        captions="for academic use only",
        recordings="each under its source's terms (FreeSound, BBC Sound Effects, SoundBible, AudioSet)",
        link="https://github.com/XinhaoMei/WavCaps",
        citation="""@article{mei2024wavcaps,
  title   = {{WavCaps}: A {ChatGPT}-Assisted Weakly-Labelled Audio Captioning Dataset},
  author  = {Mei, Xinhao and Meng, Chutong and Liu, Haohe and Kong, Qiuqiang and Ko, Tom and Zhao, Chengqi and
             Plumbley, Mark D. and Zou, Yuexian and Wang, Wenwu},
  journal = {IEEE/ACM Transactions on Audio, Speech, and Language Processing},
  year    = {2024}
}""",
    ),
    "demo": Terms(
        title="the demo corpus of adiff",
        captions="CC0 1.0",
        recordings="CC0 1.0, synthesized",
        link="",
        citation="",
        free="cc0-1.0",
    ),
    "manifest": Terms(
        title="a corpus of the publisher's own",
        captions="as its publisher says",
        recordings="as its publisher says",
        link="",
        citation="",
    ),
}
