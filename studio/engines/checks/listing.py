"""What lies in a model's folder, judged by the names of its files before one of them is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.engines.checks.files import damaged
from studio.engines.checks.safetensors_header import INDEX, SINGLE
from studio.errors import InputError
from studio.phrases import Phrase, phrase

CONFIG = "config.json"
MAX_FILES = 10_000
UNSAFE_SUFFIXES = frozenset(
    {
        ".bin",
        ".pt",
        ".pth",
        ".ckpt",
        ".pkl",
        ".pickle",
        ".joblib",
        ".h5",
        ".keras",
        ".msgpack",
        ".npz",
        ".npy",
    }
)
_PROGRAM_SUFFIXES = frozenset({".py", ".pyc", ".so", ".dll", ".dylib", ".pyd"})
_VOCABULARIES = frozenset(
    {
        "tokenizer.json", "vocab.json", "vocab.txt", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model",
        "source.spm", "spm.model", "bpe.codes",
    }
)  # fmt: skip

_NOT_OPENED = phrase("The model was not opened.")
_WHOLE = phrase("Get the whole model again, or choose another one.")


@dataclass(frozen=True)
class Listing:
    """Hold the names of everything in a model's folder."""

    names: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Listing:
        """Return the listing of a folder; InputError when it cannot be read or holds far too much."""
        names: set[str] = set()
        try:
            for path in folder.iterdir():
                names.add(path.name)
                if len(names) > MAX_FILES:
                    raise damaged(folder.name, f"more than {MAX_FILES} files")
        except OSError as error:
            raise InputError(
                phrase("The folder of this model cannot be read."),
                next=phrase("Look whether it is still there, or choose another model."),
                detail=repr(error),
            ) from error
        return cls(frozenset(names))

    def with_suffix(self, suffixes: frozenset[str]) -> list[str]:
        """Return the names that end in one of `suffixes`, in order."""
        return sorted(name for name in self.names if Path(name).suffix.lower() in suffixes)

    def check_weights(self) -> None:
        """Refuse a folder without safetensors, and say what it holds instead."""
        whole = bool(self.names & {SINGLE, INDEX})
        if "adapter_config.json" in self.names and not whole:
            raise InputError(
                phrase("This is only a small addition to another model (an adapter), not a whole model."),
                kept=_NOT_OPENED,
                next=phrase("Get a model that has the addition built in already."),
            )
        if not whole:
            raise self._no_weights()
        if CONFIG not in self.names:
            raise InputError(
                phrase("The file that describes this model is missing: {name}.", name=CONFIG),
                kept=_NOT_OPENED,
                next=_WHOLE,
            )

    def check_tokenizer(self) -> None:
        """Refuse a folder without a vocabulary of any form."""
        if not self.names & _VOCABULARIES:
            raise InputError(
                phrase("The word list of this model (its tokenizer) is missing."),
                kept=_NOT_OPENED,
                next=_WHOLE,
                detail="no tokenizer.json and no vocabulary",
            )

    def notes(self) -> tuple[Phrase, ...]:
        """Return what the user may want to know about files that are left alone."""
        programs, unsafe = self.with_suffix(_PROGRAM_SUFFIXES), self.with_suffix(UNSAFE_SUFFIXES)
        notes = []
        if programs:
            notes.append(
                phrase(
                    "Programs lie beside this model ({count} files). They are never run.", count=len(programs)
                )
            )
        if unsafe:
            notes.append(
                phrase("Files that could run a program stay closed ({count} files).", count=len(unsafe))
            )
        return tuple(notes)

    def _no_weights(self) -> InputError:
        if self.with_suffix(frozenset({".gguf"})):
            return InputError(
                phrase("In this folder there is a model as a single file that ends in .gguf."),
                next=phrase("Open that file instead of the folder."),
            )
        unsafe = self.with_suffix(UNSAFE_SUFFIXES)
        if unsafe:
            return InputError(
                phrase(
                    "The weights of this model lie in a kind of file that could run somebody's program: {name}.",
                    name=unsafe[0][:80],
                ),
                kept=phrase("It was not opened, so nothing has happened."),
                next=phrase("Look for the same model as safetensors or GGUF: these hold numbers only."),
            )
        if self.with_suffix(frozenset({".safetensors"})):
            return InputError(
                phrase(
                    "A part of this model is missing, or its weights have names that the studio does not know."
                ),
                kept=_NOT_OPENED,
                next=_WHOLE,
                detail=f"no {SINGLE} and no {INDEX}",
            )
        return InputError(
            phrase("There are no weights in this folder, so there is no model to open."),
            next=phrase("Get the whole model, or choose another one."),
        )
