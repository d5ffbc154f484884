"""Pictures and other files in a folder, since a terminal shows none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import weakref
from pathlib import Path

from bot.cards import Attachment
from bot.errors import StageFailed
from bot.models import Image

_ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
_NAME = re.compile(r"[\w-]{1,100}", re.ASCII)


class PictureFolder:
    """A folder that holds each picture once, and other files, for its owner's eyes only.

    Made with the first picture. Without a path it is a temporary one, removed with this
    object.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def keep(self, image: Image, name: str) -> Path:
        """The file `name`, with the picture or with what it held before; whole or not there.

        Raises `StageFailed`.
        """
        if _NAME.fullmatch(name) is None:
            raise StageFailed("A picture’s name holds more than letters, digits, - and _.")
        try:
            return self._kept(image, name)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise StageFailed(f"The picture can’t be written to a file ({why}).") from error

    def save(self, attachment: Attachment) -> Path:
        """A new file with the text, under its name or one with a number behind it.

        Raises `StageFailed`.
        """
        stem, dot, ending = attachment.name.rpartition(".")
        if _NAME.fullmatch(stem) is None or _NAME.fullmatch(ending) is None:
            raise StageFailed("A file’s name holds more than letters, digits, - and _.")
        for number in range(1, 1000):
            name = f"{stem}{f'-{number}' if number > 1 else ''}{dot}{ending}"
            try:
                path = self._folder() / name
                with os.fdopen(
                    os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600),
                    "w",
                    encoding="utf-8",
                ) as to:
                    to.write(attachment.text)
            except FileExistsError:
                continue
            except OSError as error:
                why = error.strerror or type(error).__name__
                raise StageFailed(f"The file can’t be written ({why}).") from error
            return path
        raise StageFailed("There are too many files of that name. Move some away first.")

    def _kept(self, image: Image, name: str) -> Path:
        folder = self._folder()
        for ending in _ENDINGS.values():
            if (before := folder / f"{name}{ending}").exists():
                return before
        made = folder / f"{name}{_ENDINGS.get(image.mime, '.bin')}"
        handle, written = tempfile.mkstemp(prefix=".picture-", dir=folder)  # mode 600
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(image.data)
            os.link(written, made)  # unlike a renaming, this never replaces a file
        except FileExistsError:
            return made  # another task was quicker
        finally:
            Path(written).unlink()
        return made

    def _folder(self) -> Path:
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="muse-pictures-"))
            weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._path
