"""Whether the distributions hold what they should: all of the packages, and of the checkout what its checks need.

Called with a source distribution and a wheel; prints what is missing or should not be there, and then exits 1.
"""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGES = ("adiff_data", "adiff_model", "pipelines")
NOT_PACKED = {".gitignore"}


def tracked() -> set[str]:
    """The files of the checkout that git knows."""
    told = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    return {name for name in told.split("\0") if name and Path(name).is_file()}


def in_source_distribution(path: str) -> set[str]:
    """Its files, without the folder that they all stand in."""
    with tarfile.open(path) as packed:
        return {member.name.partition("/")[2] for member in packed.getmembers() if member.isfile()}


def in_wheel(path: str) -> set[str]:
    """Its files, without its metadata."""
    with zipfile.ZipFile(path) as packed:
        return {name for name in packed.namelist() if ".dist-info/" not in name}


def faults(source_distribution: str, wheel: str) -> list[str]:
    """What is wrong with the two, a line each."""
    checkout = tracked()
    own = {name for name in checkout if name.startswith(tuple(f"{package}/" for package in PACKAGES))}
    packed, installed = in_source_distribution(source_distribution), in_wheel(wheel)
    return [
        *(f"not in the source distribution: {name}" for name in sorted(checkout - NOT_PACKED - packed)),
        *(f"not in the wheel: {name}" for name in sorted(own - installed)),
        *(f"in the wheel, and no file of a package: {name}" for name in sorted(installed - own)),
    ]


if __name__ == "__main__":
    found = faults(*sys.argv[1:])
    sys.stdout.write("".join(f"{fault}\n" for fault in found))
    sys.exit(1 if found else 0)
