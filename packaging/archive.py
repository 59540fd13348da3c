"""Archives that are the same bytes wherever and whenever they are made: members in order, one time for all, no owner."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

# The earliest day that a zip file can hold.
TIME = 315532800
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write(path: Path, members: dict[str, tuple[bytes, int]]) -> None:
    """Writes an archive by the ending of its path. Members are their contents and their mode, by their name."""
    pack = zipped if path.suffix == ".zip" else tarred
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(members))


def tarred(members: dict[str, tuple[bytes, int]]) -> bytes:
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (content, mode) in sorted(members.items()):
            it = tarfile.TarInfo(name)
            it.size, it.mode, it.mtime = len(content), mode, TIME
            archive.addfile(it, io.BytesIO(content))
    return gzip.compress(plain.getvalue(), compresslevel=9, mtime=0)


def zipped(members: dict[str, tuple[bytes, int]]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, (content, mode) in sorted(members.items()):
            it = zipfile.ZipInfo(name, ZIP_TIME)
            # As Unix says it, wherever this runs: the mode of a regular file in the upper half.
            it.create_system, it.external_attr, it.compress_type = 3, (0o100000 | mode) << 16, zipfile.ZIP_DEFLATED
            archive.writestr(it, content)
    return whole.getvalue()
