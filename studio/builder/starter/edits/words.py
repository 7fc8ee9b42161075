"""Edits of title, picture, language and the line under the title."""

from __future__ import annotations

import re
from typing import get_args

from studio.blueprints.choices import Icon
from studio.builder.starter import patterns
from studio.builder.starter.edits.state import Clause, State, already, clause
from studio.builder.starter.edits.targets import find_part
from studio.builder.starter.slots import find_quoted
from studio.builder.starter.topics import icon_for
from studio.builder.starter.vocabulary import fit, plain, vocabulary
from studio.phrases import phrase

_TITLE_WORD = r"(?:title|name|heading|título|titulo|nombre|titre|nom|titel|namen?)"
_TITLE = patterns.lazy(
    rf"(?:\b(?:call|name|rename|retitle)\s+(?:(?:this|the|my|our)\s+(?:whole\s+)?(?:app|quiz|game|page)|it|this)\s*(?:to|as|:)?\s+"
    rf"|\b(?:change|set|make|cambia|cambiar|pon|change|mets|ändere|andere|setze?)\s+(?:the\s+|its\s+|my\s+|"
    rf"el\s+|le\s+|den\s+)?(?:(?:app|quiz)(?:'s)?\s+)?{_TITLE_WORD}(?:\s+of\s+(?:the\s+)?(?:app|"
    rf"quiz))?\s*(?:to|into|be|as|a|por|en|zu|in|auf|:)\s+"
    rf"|\b(?:should|to|must)\s+be\s+(?:called|named)\s+|\b(?:should|must)\s+have\s+the\s+(?:name|title)\s+|\b(?:new\s+)?{_TITLE_WORD}\s*(?:(?:should|must)\s+(?:be|say|read)|is|:|=)\s+|"
    rf"\b(?:llámalo|llamalo|appelle-le|"
    rf"nenne?\s+(?:es|das))\s+)(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_PART_TITLE = patterns.lazy(
    rf"\brename\s+the\s+([\w ]{{3,24}}?)\s+(?:to|as|into)\s+(.+)$|\bthe\s+"
    rf"([\w ]{{3,24}}?)\s+should\s+be\s+(?:called|named)\s+(.+)$|\b(?:change|"
    rf"set)\s+the\s+{_TITLE_WORD}\s+of\s+the\s+([\w ]{{3,24}}?)\s+to\s+(.+)$|\b(?:change|"
    rf"set)\s+the\s+(\w+)(?:'s)?\s+{_TITLE_WORD}\s+to\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_CALLED_PART = patterns.lazy(r"^(.+?)\s+(?:should|to|must)\s+be\s+(?:called|named)\s", re.IGNORECASE)
_APP = patterns.lazy(r"\b(?:it|this|that|app|quiz|game|page|thing|name|title|project|everything|whole)$")
_OWNER = patterns.lazy(r"\b(?:his|her|its|their|[a-z]+'s) ?(?:new )?n?a?m?e?")
_ICON = patterns.lazy(r"\b(?:icon|picture|emoji|symbol|logo|icono|dibujo|icone|image|bild)\b")
_LANGUAGE = patterns.lazy(
    r"\b(?:make (?:it|the app|everything)|change (?:it|the language)|switch|translate(?: it| everything)?|"
    r"put it|set the language|language|ponlo|mets-le|stell es)\b.*?\b(?:in|into|to|en|auf)\s+([^\W\d_]+)|"
    r"^(?:please )?in ([^\W\d_]+)(?: please)?$"
)
_ABOUT = patterns.lazy(
    r"\b(?:description|subtitle|about(?: text| line)?|line under the title)\b\s*(?:to|should "
    r"(?:be|say|read)|:|say|says)\s+(.+)$",
    re.IGNORECASE | re.DOTALL,
)


def title(said: Clause, state: State) -> bool:
    """Give the app, or one part, another title."""
    match = _PART_TITLE.search(said.text)
    if match:
        groups = [group for group in match.groups() if group]
        place = find_part(plain(groups[0]), state)
        if place is not None and len(state.kinds) > 1:
            value = fit(_own(groups[1]), 60)
            return state.do(
                phrase("The part is now called “{title}”.", title=value),
                op="set_field",
                at=f"b{place + 1}",
                field="title",
                value=value,
            )
    match = _TITLE.search(said.text)
    part = _CALLED_PART.match(said.text)
    if match and part and not _APP.search(plain(part[1])):
        return False  # "red team should be called Lions"
    if (
        match
        and _OWNER.search(plain(said.text[: match.start() + 5]))
        and {"pet", "chatbot"} & set(state.kinds)
    ):
        return False  # "his name is Zed": the friend's, not the app's
    if (
        not match
        and patterns.search(
            rf"\b(?:rename|call)\b.*\b(?:to|as)\b|\b(?:rename|call) (?:it|the)\b|\b{plain(_TITLE_WORD)}\b",
            said.plain,
        )
        and find_quoted(said.text)
    ):
        value = find_quoted(said.text)[-1]
    elif match:
        value = _own(match[1])
    else:
        return False
    if not value:
        return False
    short = fit(value, 60)
    if short != value:
        state.checks.append(phrase("The title was too long, so I cut it."))
    if short == state.blueprint.title:
        return already(state)
    state.origins["/title"] = "typed"
    return state.do(phrase("The title is now “{title}”.", title=short), op="set_title", value=short)


def icon(said: Clause, state: State) -> bool:
    """Give the app another picture."""
    if not _ICON.search(said.plain):
        return False
    match = patterns.search(
        r"\b(?:to|be|into|as|of|a|en|auf|in|with)\s+(?:an?\s+|the\s+|un[ae]?\s+|"
        r"ein[e]?n?\s+)?([^\W\d_]+)(?:\s+(?:icon|picture|emoji))?$",
        said.plain,
    )
    before = patterns.search(
        r"\b([^\W\d_]+) (?:(?:as|for) (?:the |its |my )?)?(?:icon|picture|emoji|symbol)\b", said.plain
    )
    of = patterns.search(r"\b(?:icon|picture|emoji|symbol) of (?:an? |the )?([^\W\d_]+)", said.plain)
    names = [found[1] for found in (match, before, of) if found and not _ICON.search(found[1])]
    known = get_args(Icon)
    for name in names:
        value = name if name in known else icon_for(name)
        if value:
            if value == state.blueprint.icon:
                return already(state)
            return state.do(phrase("The picture is another one now."), op="set_icon", value=value)
    if patterns.search(r"\b(?:remove|no|without)\b", said.plain):
        return state.do(phrase("The picture is gone."), op="set_icon", value="none")
    return False


def language(said: Clause, state: State) -> bool:
    """Let the buttons of the app speak another language."""
    match = _LANGUAGE.search(said.plain)
    name = next((group for group in match.groups() if group), "") if match else ""
    code = vocabulary().language_names.get(name)
    if code is None:
        return False
    if code == state.blueprint.language:
        return already(state)
    state.checks.append(phrase("The buttons change their language. Your own words stay as they are."))
    return state.do(phrase("The buttons speak another language now."), op="set_language", value=code)


def about(said: Clause, state: State) -> bool:
    """Change the line under the title."""
    match = _ABOUT.search(said.text)
    if not match:
        return False
    value = fit(_own(match[1]), 160)
    return state.do(phrase("The line under the title is new."), op="set_about", value=value)


def _own(text: str) -> str:
    """Return the user's own words: what stands in quotes, else all of it."""
    quoted = find_quoted(text)
    if quoted and text.strip().startswith(("'", '"', "“", "„", "«", "‘")):
        return quoted[0]
    value = patterns.sub(
        r"\s+(?:please|pls|plz|instead|now|from now on|por favor|bitte|s'il te plaît)\s*[.!]*$",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    )
    return clause(value).text.strip(' .“”"')
