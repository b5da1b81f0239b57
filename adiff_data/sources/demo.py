"""The built-in corpus, as `adiff_data.demo` writes it: in Clotho's own layout."""

from adiff_data.sources.clotho import ClothoLayout
from adiff_data.sources.corpus import Terms
from adiff_data.sources.licences import ClipSource

_SOURCE = ClipSource(title="synthesized by adiff's demo corpus", author="adiff", licence="CC0 1.0")


class Demo(ClothoLayout):
    """The built-in corpus of synthesized sounds."""

    name, taskname, folder, dataset = "demo", "demo", "Demo", "demo"
    terms = Terms(
        title="the demo corpus of adiff",
        captions="CC0 1.0",
        recordings="CC0 1.0, synthesized",
        hub_licence="cc0-1.0",
    )

    def source_of(self, filepath: str) -> ClipSource:
        """All of it is adiff's own."""
        del filepath
        return _SOURCE


CORPUS = Demo()
