"""The built-in corpus: sounds synthesized from physical parameters, with captions and the whole truth."""

from adiff_data.demo.corpus import DemoSettings, write_corpus

__all__ = ["DemoSettings", "write_corpus"]
