"""The Parquet files of a split, written row group by row group, each file of a limited size."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

SHARD_BYTES = 500_000_000  # the largest files that the Hub's viewer reads
ROWS_PER_GROUP = 10_000  # 5 MB of text: little to read for a page of the viewer, but enough to compress well
AUDIO_BYTES_PER_GROUP = 64_000_000


@dataclass(frozen=True)
class Shards:
    """The files of a split, the number of its rows, and their bytes in memory."""

    files: tuple[Path, ...]
    rows: int
    arrow_bytes: int

    @property
    def file_bytes(self) -> int:
        """The bytes on disk."""
        return sum(file.stat().st_size for file in self.files)


class ShardWriter:
    """Writes `{split}-00000-of-00002.parquet` … into a folder; `finish` gives the files these names.

    The files are compressed with zstd. Their pages are cut by content, so that the Hub stores what two versions have in
    common only once.
    """

    def __init__(self, folder: Path, split: str, features: Features, *, shard_bytes: int = SHARD_BYTES) -> None:
        self._folder, self._split = folder, split
        self._schema = features.arrow_schema
        self._shard_bytes = shard_bytes
        self._rows: list[dict[str, Any]] = []
        self._audio_bytes = 0
        self._parts: list[Path] = []
        self._writer: pq.ParquetWriter | None = None
        self._table_rows = 0
        self._arrow_bytes = 0

    def __enter__(self) -> "ShardWriter":
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self.end_group()
        if self._writer:
            self._writer.close()

    def write(self, values: dict[str, Any]) -> None:
        """Takes a row."""
        self._rows.append(values)
        self._audio_bytes += len(sound["bytes"]) if (sound := values.get("audio")) else 0
        if len(self._rows) >= ROWS_PER_GROUP or self._audio_bytes >= AUDIO_BYTES_PER_GROUP:
            self.end_group()

    def end_group(self) -> None:
        """Ends the row group. After the last row of a tier, this lets one tier be read without the others."""
        if not self._rows:
            return
        table = pa.Table.from_pylist(self._rows, schema=self._schema)
        self._table_rows += table.num_rows
        self._arrow_bytes += table.nbytes
        self._open_writer().write_table(table, row_group_size=len(self._rows))
        self._rows, self._audio_bytes = [], 0

    def finish(self) -> Shards:
        """Gives the files their final names; to be called after the `with` block."""
        total = len(self._parts)
        files = [
            part.rename(part.with_name(f"{self._split}-{index:05d}-of-{total:05d}.parquet"))
            for index, part in enumerate(self._parts)
        ]
        return Shards(tuple(files), self._table_rows, self._arrow_bytes)

    def _open_writer(self) -> pq.ParquetWriter:
        if self._writer and self._parts[-1].stat().st_size >= self._shard_bytes:
            self._writer.close()
            self._writer = None
        if self._writer is None:
            path = self._folder / f".{self._split}-{len(self._parts):05d}"
            self._parts.append(path)
            self._writer = pq.ParquetWriter(
                path, self._schema, compression="zstd", write_page_index=True, use_content_defined_chunking=True
            )
        return self._writer
