"""Models that are damaged or mean harm, made from a good one: the same ones for the same seed."""

from __future__ import annotations

import json
import random
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

# ------------------------------------------------------------ folders


def damaged_copy(model: Path, target: Path, seed: int) -> str:
    """Copy a model folder, or one GGUF file, to `target`, damage it, and say in a few words how."""
    chance = random.Random(seed)
    if model.is_dir():
        shutil.copytree(model, target)
        way = chance.choice(FOLDER_WAYS)
        way(target, chance)
        return way.__name__.strip("_").replace("_", " ")
    content = bytearray(model.read_bytes())
    words = _damage_gguf(content, chance)
    target.write_bytes(content)
    return words


def _shorten(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(["model.safetensors", "model.safetensors", "tokenizer.json", "config.json"])
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def _zeros_in_the_weights(folder: Path, chance: random.Random) -> None:
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    begin = chance.randrange(len(content))
    length = chance.choice([16, 4096, 100_000])
    content[begin : begin + length] = bytes(len(content[begin : begin + length]))
    path.write_bytes(content)


def _flip_in_the_header(folder: Path, chance: random.Random) -> None:
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    _flip(content, 8 + int.from_bytes(content[:8], "little"), chance)
    path.write_bytes(content)


def _flip_in_the_weights(folder: Path, chance: random.Random) -> None:
    path = folder / "model.safetensors"
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 50])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _edit_the_header(folder: Path, chance: random.Random) -> None:
    path = folder / "model.safetensors"
    header, data = split_safetensors(path)
    name = chance.choice([key for key in header if key != "__metadata__"])
    chance.choice(_HEADER_EDITS)(header, name)
    write_safetensors(path, json.dumps(header).encode(), data)


def _lie_about_the_length(folder: Path, chance: random.Random) -> None:
    path = folder / "model.safetensors"
    content = path.read_bytes()
    length = chance.choice([0, 1, 7, 1 << 20, 1 << 31, 1 << 40, (1 << 64) - 1])
    path.write_bytes(struct.pack("<Q", length) + content[8:])


def _edit_the_config(folder: Path, chance: random.Random) -> None:
    path = folder / "config.json"
    config = json.loads(path.read_bytes())
    key = chance.choice([*config, "rope_scaling", "sliding_window", "layer_types", "head_dim"])
    if chance.random() < 0.2:
        config.pop(key, None)
    else:
        config[key] = chance.choice(NASTY_VALUES)
    path.write_text(json.dumps(config), encoding="utf-8")


def _edit_the_tokenizer(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(["tokenizer.json", "tokenizer_config.json"])
    settings = json.loads(path.read_bytes())
    key = chance.choice(list(settings))
    settings[key] = chance.choice(NASTY_VALUES)
    path.write_text(json.dumps(settings), encoding="utf-8")


def _flip_in_a_small_file(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(
        ["config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json"]
    )
    content = bytearray(path.read_bytes())
    _flip(content, len(content), chance)
    path.write_bytes(content)


def _take_a_file_away(folder: Path, chance: random.Random) -> None:
    name = chance.choice(sorted(path.name for path in folder.iterdir()))
    (folder / name).unlink()
    if chance.random() < 0.3:
        (folder / name).mkdir()


FOLDER_WAYS: tuple[Callable[[Path, random.Random], None], ...] = (
    _shorten,
    _zeros_in_the_weights,
    _flip_in_the_header,
    _flip_in_the_weights,
    _edit_the_header,
    _lie_about_the_length,
    _edit_the_config,
    _edit_the_tokenizer,
    _flip_in_a_small_file,
    _take_a_file_away,
)

NASTY_VALUES: tuple[Any, ...] = (
    -1, 0, 1, 3, 1 << 31, 1 << 40, 10**30, 0.5, 1e308, True, None, "", "x" * 5000, "__import__('os')", "../../x",
    [], {}, [[[[[]]]]], {"a": {"b": 1}}, [1, 2, 3],
)  # fmt: skip


def _resize(header: dict[str, Any], name: str) -> None:
    header[name]["shape"][0] += 1


def _negative(header: dict[str, Any], name: str) -> None:
    header[name]["shape"][0] = -header[name]["shape"][0]


def _huge(header: dict[str, Any], name: str) -> None:
    header[name]["shape"] = [1 << 40, 1 << 40]


def _other_dtype(header: dict[str, Any], name: str) -> None:
    header[name]["dtype"] = "F64"


def _unknown_dtype(header: dict[str, Any], name: str) -> None:
    header[name]["dtype"] = "Q9"


def _overlap(header: dict[str, Any], name: str) -> None:
    size = header[name]["data_offsets"][1] - header[name]["data_offsets"][0]
    header[name]["data_offsets"] = [4, 4 + size]


def _outside(header: dict[str, Any], name: str) -> None:
    header[name]["data_offsets"] = [1 << 40, (1 << 40) + 64]


def _backwards(header: dict[str, Any], name: str) -> None:
    header[name]["data_offsets"].reverse()


def _lose(header: dict[str, Any], name: str) -> None:
    del header[name]


def _rename(header: dict[str, Any], name: str) -> None:
    header["model.somewhere.else"] = header.pop(name)


def _turn(header: dict[str, Any], name: str) -> None:
    header[name]["shape"].reverse()


def _flatten(header: dict[str, Any], name: str) -> None:
    total = 1
    for size in header[name]["shape"]:
        total *= size
    header[name]["shape"] = [total]


def _empty(header: dict[str, Any], name: str) -> None:
    header.clear()


def _strange_metadata(header: dict[str, Any], name: str) -> None:
    header["__metadata__"] = {"format": 7}


_HEADER_EDITS = (
    _resize, _negative, _huge, _other_dtype, _unknown_dtype, _overlap, _outside, _backwards, _lose, _rename, _turn,
    _flatten, _empty, _strange_metadata,
)  # fmt: skip


def split_safetensors(path: Path) -> tuple[dict[str, Any], bytes]:
    """Return the header and the data of a safetensors file."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + length]), content[8 + length :]


def write_safetensors(path: Path, header: bytes, data: bytes) -> None:
    """Write a safetensors file from its two parts, whatever they are."""
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)


def _flip(content: bytearray, within: int, chance: random.Random) -> None:
    for _ in range(chance.choice([1, 1, 4])):
        content[chance.randrange(within)] ^= 1 << chance.randrange(8)


# ------------------------------------------------------------ GGUF


def _damage_gguf(content: bytearray, chance: random.Random) -> str:
    header = min(len(content), 60_000)  # settings, vocabulary and the list of tensors of the tiny twin
    way = chance.choice(["shorten", "flip", "numbers", "zeros", "weights", "insert", "swap"])
    place = chance.randrange(header)
    if way == "shorten":
        del content[chance.choice([place, chance.randrange(len(content))]) :]
    elif way == "flip":
        _flip(content, header, chance)
    elif way == "numbers":
        place = chance.choice([8, 16, 24, place - place % 4])  # counts of tensors and settings, or anywhere
        number = chance.choice([0, 1, 1 << 31, 1 << 40, (1 << 63) - 1, (1 << 64) - 1])
        content[place : place + 8] = struct.pack("<Q", number)
    elif way == "zeros":
        content[place : place + 64] = bytes(64)
    elif way == "weights":
        for _ in range(200):
            content[chance.randrange(header, len(content))] = chance.randrange(256)
    elif way == "insert":
        content[place:place] = chance.randbytes(chance.choice([1, 8, 4096]))
    else:
        other = chance.randrange(header)
        content[place : place + 32], content[other : other + 32] = (
            content[other : other + 32],
            content[place : place + 32],
        )
    return f"gguf {way}"


# ------------------------------------------------------------ folders that want to run something

CANARY_PROGRAM = """
from pathlib import Path
Path(CANARY).write_text("ran")
"""


def canary_folders(model: Path, into: Path, canary: Path) -> dict[str, Path]:
    """Return copies of a model that would write the file `canary` if anything of theirs were run."""
    program = CANARY_PROGRAM.replace("CANARY", repr(str(canary)))
    settings: dict[str, tuple[str, dict[str, Any]]] = {
        "auto_map": (
            "config.json",
            {"auto_map": {"AutoConfig": "canary.C", "AutoModelForCausalLM": "canary.M"}},
        ),
        "nested": ("config.json", {"text_config": {"auto_map": {"AutoConfig": "canary.C"}}}),
        "remote": ("config.json", {"trust_remote_code": True}),
        "attention": ("config.json", {"_attn_implementation_internal": "somebody/canary"}),
        "kernel": ("config.json", {"attn_implementation": "somebody/canary:run"}),
        "experts": ("config.json", {"_experts_implementation": "somebody/canary"}),
        "pipeline": ("config.json", {"custom_pipelines": {"text-generation": {"impl": "canary.P"}}}),
        "generate": ("generation_config.json", {"custom_generate": "canary"}),
        "tokenizer": ("tokenizer_config.json", {"auto_map": {"AutoTokenizer": ["canary.T", None]}}),
        "quantised": (
            "config.json",
            {"quantization_config": {"quant_method": "canary.Q", "modules": "canary"}},
        ),
        "beside": ("config.json", {}),
    }
    made = {}
    for name, (file, more) in settings.items():
        folder = into / name
        shutil.copytree(model, folder)
        content = json.loads((folder / file).read_bytes())
        (folder / file).write_text(json.dumps({**content, **more}), encoding="utf-8")
        (folder / "canary.py").write_text(program, encoding="utf-8")
        (folder / "custom_generate").mkdir()
        (folder / "custom_generate" / "generate.py").write_text(program, encoding="utf-8")
        (folder / "pytorch_model.bin").write_bytes(canary_pickle(canary))
        made[name] = folder
    only = into / "pickle"
    shutil.copytree(made["beside"], only)
    (only / "model.safetensors").unlink()
    made["pickle"] = only
    return made


def canary_pickle(canary: Path) -> bytes:
    """Return a pickle, written by hand, that makes the file `canary` when it is opened."""
    path = repr(str(canary))
    return f"cbuiltins\nexec\n(S{f'open({path}, chr(119)).close()'!r}\ntR.".encode()


# ------------------------------------------------------------ chat templates

_START = "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
_WAYS_IN = (
    "''.__class__.__mro__[1].__subclasses__()",
    "().__class__.__base__.__subclasses__()",
    "[].__class__.__base__.__subclasses__()[0]",
    "{}.__class__.__bases__[0].__subclasses__()",
    "messages.__class__.__init__.__globals__",
    "cycler.__init__.__globals__.os.popen('touch CANARY').read()",
    "joiner.__init__.__globals__.os.popen('touch CANARY').read()",
    "namespace.__init__.__globals__.os.popen('touch CANARY').read()",
    "lipsum.__globals__['os'].popen('touch CANARY').read()",
    "lipsum.__globals__.__builtins__.open('CANARY', 'w').close()",
    "self.__init__.__globals__.__builtins__.__import__('os').system('touch CANARY')",
    "self._TemplateReference__context.cycler.__init__.__globals__.os",
    "raise_exception.__globals__['__builtins__']['open']('CANARY', 'w')",
    "raise_exception.__globals__.os.system('touch CANARY')",
    "raise_exception.__code__.co_code",
    "strftime_now.__globals__['__builtins__']['__import__']('os').system('touch CANARY')",
    "strftime_now.__closure__",
    "messages|attr('__class__')",
    "messages|attr('\\x5f\\x5fclass\\x5f\\x5f')",
    "''|attr('__class__')|attr('__mro__')",
    "'{0.__class__.__mro__}'.format('')",
    "'{0.__class__.__init__.__globals__}'.format_map({'0': messages})",
    "('{' ~ '0.__class__' ~ '}').format(1)",
    "'%s'|format(messages.__class__)",
    "messages[0].__class__.__subclasses__",
    "messages[0]['__class__']['__init__']",
    "[messages]|map(attribute='__class__')|list",
    "[messages]|map(attribute='__class__.__base__')|first",
    "messages|groupby('__class__')|list",
    "dict(a=1).__class__.fromkeys.__self__.__mro__",
    "(1).__class__.from_bytes.__self__.__base__.__subclasses__()",
    "range.__class__.__call__.__self__",
    "get_flashed_messages.__globals__",
    "config.__class__.__init__.__globals__['os']",
    "tojson.__globals__['json'].codecs.open('CANARY', 'w')",
    "__import__('os').system('touch CANARY')",
    "open('CANARY', 'w').close()",
    "messages.append(messages.__class__)",
    "messages.clear()",
    "messages.__setitem__(0, 'changed')",
)
ATTACKS: tuple[str, ...] = tuple(f"{_START}{{{{ {way} }}}}" for way in _WAYS_IN)
"""Templates that try to get at Python; CANARY stands for the file that they would make."""

ENDLESS: tuple[str, ...] = (
    "{{ 'A' * 3000000000 }}",
    "{{ 'A' * 3000000000 * 1000 }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}x{% endfor %}{% endfor %}"
    "{% endfor %}",
    "{% set ns = namespace(t='ab') %}{% for a in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t }}",
    "{% macro again(n) %}{{ again(n + 1) }}{{ again(n + 1) }}{% endmacro %}{{ again(0) }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ ('a' * 99999) | replace('a', 'a' * 99999) }}",
    "{{ 'x' | center(3000000000) }}",
    "{{ '%3000000000d' | format(1) }}",
    "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
)
"""Templates that take all the time or all the memory there is."""
