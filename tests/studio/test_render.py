"""The page that carries a project: its policy, its bytes, and that data in it stays data."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from studio.blueprints import KINDS, new_block, parse_document, schema, to_json
from studio.blueprints.render import lean_script, lean_style, render, render_update
from studio.errors import InputError
from tests.apps.documents import SIX, app, document, note, question, quiz

RUNTIME = resources.folder() / "runtime"
NASTY = "</script><script>alert(1)</script><!--<script>]]>&lt;\"'`${x}\u2028\u2029"


class Reader(HTMLParser):
    """Read a page as a browser does: elements in order, and what scripts and styles hold."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.held = [], []
        self._open = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag in ("script", "style", "title"):
            self._open = [tag, dict(attributes), ""]

    def handle_data(self, data):
        if self._open:
            self._open[2] += data

    def handle_endtag(self, tag):
        if self._open and self._open[0] == tag:
            self.held.append(tuple(self._open))
            self._open = None

    def inside(self, tag, name=None):
        return [text for kind, attributes, text in self.held if kind == tag and attributes.get("id") == name]


def carried(html):
    (text,) = Reader(html).inside("script", "sprout-project")
    return text


def test_the_policy_comes_first_and_allows_exactly_our_script_and_style():
    reader = Reader(render(document(app(quiz()))))
    tags = [tag for tag, _ in reader.elements]
    assert tags[:3] == ["html", "head", "meta"]
    policy_meta = reader.elements[2][1]
    assert policy_meta["http-equiv"] == "Content-Security-Policy"
    policy = dict(part.strip().split(" ", 1) for part in policy_meta["content"].split(";"))
    for name, tag in (("script-src", "script"), ("style-src", "style")):
        sums = [
            base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in reader.inside(tag)
        ]
        assert policy.pop(name) == " ".join(f"'sha256-{digest}'" for digest in sums)
    assert policy == {
        "default-src": "'none'", "img-src": "data: blob:", "media-src": "data: blob:",
        "form-action": "'none'", "base-uri": "'none'",
    }  # fmt: skip


def test_the_character_set_is_told_within_the_first_kilobyte():
    html = render(document(app(quiz(), icon="unicorn")))
    assert 0 < html.encode().index(b'<meta charset="utf-8">') < 1000


def test_no_element_carries_a_style_or_a_handler_and_nothing_is_loaded():
    html = render(document(app(*(make() for make in SIX))), room_for=KINDS)
    for tag, attributes in Reader(html).elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        assert attributes.get("src") is None
        assert attributes.get("href", "data:").startswith("data:")
    addresses = {one for one in re.findall(r"https?://[^\"'` )\\<]+", html) if "www.w3.org" not in one}
    assert addresses == set()


def test_the_project_reads_back_as_the_very_same_bytes():
    shown = document(app(quiz(), note(text=NASTY), title="Ünï & <b>"), prompts=[NASTY])
    html = render(shown)
    read = parse_document(carried(html))
    assert to_json(read.document) == to_json(shown)
    assert Reader(html).inside("title") == ["Ünï & <b>"]


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable() and text.strip()))
def test_no_text_closes_its_script(words):
    shown = document(app(note(text=words + NASTY, title="x")), number=1, prompts=[words])
    html = render(shown)
    reader = Reader(html)
    assert [tag for tag, _ in reader.elements].count("script") == 3
    assert to_json(parse_document(carried(html)).document) == to_json(shown)
    assert "<" not in carried(html)
    assert "\u2028" not in html


def test_an_update_is_one_call_with_the_project_and_its_parts():
    shown = document(app(quiz(), note(text=NASTY), language="de"))
    update = render_update(shown)
    assert update.startswith("sprout.show({")
    assert update.endswith("});")
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(update)
    parts = json.loads(update.removeprefix("sprout.show(").removesuffix(");"))
    assert parse_document(json.dumps(parts["document"])).document == shown
    assert parts["words"]["menu"] == "Menü"
    assert parts["tokens"]["background"] == "#120b33"
    assert parts["scene"].startswith("<svg")


def test_the_same_document_gives_the_same_bytes():
    shown = document(app(*(make() for make in SIX)), number=7)
    again = parse_document(to_json(shown)).document
    assert render(shown) == render(again)
    assert render(shown, room_for=KINDS) == render(again, room_for=KINDS)
    assert render_update(shown) == render_update(again)


def test_a_page_holds_only_the_blocks_in_use_unless_all_are_asked_for():
    shown = document(app(note()))
    assert 'sprout.block("quiz"' not in render(shown)
    assert 'sprout.block("note"' in render(shown)
    assert 'sprout.block("quiz"' in render(shown, room_for=KINDS)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_page_of_a_quiz_with_twenty_questions_is_small(language):
    questions = [
        question(n, ask=f"Which of these four is number {n} in the list of all the things that we know?",
                 right=f"The very first thing {n}", wrong=["The second one", "Number three", "None of these four"],
                 why="That one stands first in the list, and all the others come after it.")
        for n in range(20)
    ]  # fmt: skip
    prompts = [f"a quiz about the things in a list, and please add question number {n}" for n in range(20)]
    shown = document(app(quiz(20, questions=questions), language=language), prompts=prompts)
    assert len(render(shown).encode()) < 80_000


def full(shape):
    """Return the largest data of a shape of the schema: every list full, every word as long as it may be."""
    root = schema("blueprint")
    if "$ref" in shape:
        return full(root["$defs"][shape["$ref"].rpartition("/")[2]])
    if "const" in shape or "enum" in shape:
        return shape.get("const") or max(shape["enum"], key=len)
    if shape["type"] == "object":
        return {name: full(inner) for name, inner in shape["properties"].items()}
    if shape["type"] == "array":
        return [full(shape["items"]) for _ in range(shape["maxItems"])]
    if shape["type"] == "string":
        return "a" if "pattern" in shape else "x" * shape["maxLength"]
    return True if shape["type"] == "boolean" else shape["maximum"]


def test_the_largest_page_that_an_app_can_be_is_small():
    kinds = sorted(
        KINDS,
        key=lambda kind: len(render(document(app(new_block(kind).model_dump(mode="json", by_alias=True))))),
    )
    blocks = [full(schema("blueprint")["$defs"][f"block_{kind}"]) for kind in kinds[-6:]]
    html = render(document(app(*blocks, layout="tabs", title="x" * 60, about="x" * 160), prompts=[]))
    assert len(html.encode()) < 200_000


def test_only_words_of_the_language_and_of_the_parts_in_use_travel():
    def words(*blocks, **slots):
        html = render(document(app(*blocks, **slots)))
        return json.loads(Reader(html).inside("script", "sprout-parts")[0])["words"]

    german = {}
    for file in (RUNTIME / "words").glob("*.json"):
        german |= json.loads(file.read_text(encoding="utf-8"))["de"]
    alone = words(note(), language="de")
    assert "nextQuestion" not in alone
    assert alone == {name: german[name] for name in alone}


def test_only_pages_of_several_blocks_carry_the_ways_between_them():
    assert "tablist" not in render(document(app(note())))
    assert "tablist" in render(document(app(note(), note(), layout="tabs")))
    assert "tablist" in render(document(app(note())), room_for=KINDS)


CODE = """// a comment with a ` in it
const a = "// no comment"; // stays

    const b = `one
      // not a comment, but two

   three \\` still`;
  /* stays */ const c = `x`;
    // gone
"""


def test_scripts_lose_indentation_and_whole_line_comments_only():
    assert lean_script(CODE) == (
        'const a = "// no comment"; // stays\n'
        "const b = `one\n      // not a comment, but two\n\n   three \\` still`;\n"
        "/* stays */ const c = `x`;\n"
    )
    assert lean_style("/* a\n b */\n  p{\n\n   color:red}\n") == "p{\ncolor:red}\n"


@pytest.mark.parametrize(
    ("line", "lean"),
    [
        ("if (a === b && c) { d = e ?? [f, g]; }", "if(a===b&&c){d=e??[f,g];}"),
        ('const a = word("b, c") ? "d = e" : `f, ${g} (h)`;', 'const a=word("b, c")?"d = e":`f, ${g} (h)`;'),
        ("return { ...a, b: c - -d };", "return{...a,b:c - -d};"),
        ("a.replace(/ , /g, b);", "a.replace(/ , /g, b);"),
        ("a(`b, ${c ? ` d, e` : f}`, g);", "a(`b, ${c ? ` d, e` : f}`, g);"),
        ("a('b, c', d);", "a('b, c', d);"),
        ('a("b \\" , c", d, e);', 'a("b \\" , c",d,e);'),
    ],
)
def test_spaces_around_signs_go_but_never_inside_a_literal(line, lean):
    assert lean_script(line) == f"{lean}\n"


@given(
    st.lists(st.sampled_from(["// words", "   // words", "", "  a();", "b(`x`);", " `", "` + c;", "  // `"]))
)
def test_lines_of_code_are_never_lost(lines):
    text = "\n".join(lines)
    lean = lean_script(text)
    for part in ("a();", "b(", "` + c;"):
        assert lean.count(part) == text.count(part)
    assert lean_script(lean) == lean


def test_no_literal_of_the_runtime_runs_over_several_lines():
    for file in RUNTIME.rglob("*.js"):
        for line in file.read_text(encoding="utf-8").splitlines():
            assert line.count("`") % 2 == 0 or line.lstrip().startswith("//"), f"{file.name}: {line}"


def test_only_icons_in_use_travel():
    icons = json.loads(
        json.loads(
            json.dumps(Reader(render(document(app(note(icon="owl"))))).inside("script", "sprout-parts")[0])
        )
    )["icons"]
    assert {"planet", "owl"} <= icons.keys()
    assert "castle" not in icons


def test_without_an_icon_nothing_is_drawn():
    html = render(document(app(note(icon="none"), icon="none")))
    assert '<link rel="icon" href="data:,">' in html


def test_free_code_is_refused_kindly():
    data = json.loads(to_json(document(app(note()))))
    data |= {"kind": "code", "blueprint": None, "html": "<p>hi</p>", "block_ids": []}
    code = parse_document(json.dumps(data)).document
    for draw in (render, render_update):
        with pytest.raises(InputError) as refused:
            draw(code)
        assert len(refused.value.phrases) == 3


def test_every_drawing_of_ours_is_plain_svg_without_a_literal_colour():
    drawings = {}
    for name in ("icons.json", "icons_more.json", "scenery.json"):
        if (RUNTIME / name).is_file():
            drawings |= json.loads((RUNTIME / name).read_text(encoding="utf-8"))
    assert len(drawings) >= 40
    for name, markup in drawings.items():
        assert not re.search(r"style=|<script|\bon\w+=|href=|<image|<foreignObject", markup), name
        assert not re.search(r'(fill|stroke)="#', markup), name


def test_runtime_never_turns_data_into_markup_or_code():
    banned = r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setAttribute\(\"on|\.src\s*="
    for file in sorted(RUNTIME.rglob("*.js")):
        code = file.read_text(encoding="utf-8")
        assert not re.search(banned, code), file.name
        assert "</script" not in code
        assert "\r" not in code
    parsers = [file.name for file in RUNTIME.rglob("*.js") if "DOMParser" in file.read_text(encoding="utf-8")]
    assert parsers == ["dom.js"]
    assert all(len(file.read_bytes()) < 14_000 for file in (RUNTIME / "blocks").glob("*"))
    sizes = [len(file.read_bytes()) for file in (RUNTIME / "blocks").glob("*.js")]
    assert sum(sizes) / len(sizes) < 10_000
