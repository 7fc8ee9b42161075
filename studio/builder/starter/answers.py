"""Answers to questions about the open app and the studio, in one sentence."""

from __future__ import annotations

from studio.blueprints import Blueprint
from studio.blueprints.words.slots import slot_sentence
from studio.builder.starter import patterns
from studio.builder.starter.wish import Wish
from studio.phrases import Phrase, phrase

THANKS = patterns.lazy(r"\b(?:thank(?:s| you)|thx|ty|cheers|gracias|merci|danke)\b")
GREETING = patterns.lazy(
    r"(?:hello|hi+|hey+|hiya|good (?:morning|afternoon|evening)|hola|buenos dias|bonjour|salut|hallo|guten (?:tag|"
    r"morgen)|(?:(?:ok(?:ay)?|great|cool|wow|nice)[ ,!]+)*(?:thank(?:s| you)|thx|ty|cheers|gracias|merci|danke)"
    r"(?: (?:you|so much|very much|a lot|schon|beaucoup))*)(?:[ ,!]+(?:there|sprout|everyone|again|friend|you))*"
)
_QUESTION = patterns.lazy(
    r"^(?:(?:please|hey|hi|ok|so|and|sprout)[ ,]+)*(?:how many|how much|how long|what|which|who|is there|"
    r"are there|does|do i|do you|is it|can you tell|can i|where|why|how do|how can|how does|"
    r"cuant[ao]s|que |combien|quel(?:le)?s?|wie viele|wie lange|welche|was )"
)
_COUNTS = (
    (r"questions?|preguntas|fragen", "quiz", "questions", "There are {count} questions in the quiz."),
    (r"cards?|tarjetas|cartes|karten", "flashcards", "cards", "There are {count} cards."),
    (r"items?|things|cosas|choses|dinge", "checklist", "items", "There are {count} things on the list."),
    (
        r"options?|names|choices|opciones|noms|namen",
        "picker",
        "options",
        "There are {count} choices in the picker.",
    ),
    (r"pairs|parejas|paires|paare", "memory", "pairs", "There are {count} pairs."),
    (r"pages|paginas|seiten", "story", "pages", "The story has {count} pages."),
    (r"needs", "pet", "needs", "The pet has {count} needs."),
    (r"sounds|pads|buttons", "soundboard", "pads", "There are {count} sounds."),
    (r"questions", "poll", "questions", "There are {count} questions in the poll."),
    (r"answers|replies", "chatbot", "replies", "The chat friend knows {count} answers."),
    (r"counters|teams|players", "counter", "counters", "There are {count} counters."),
)


def answer_about(wish: Wish, blueprint: Blueprint | None) -> Phrase | None:
    """Return the answer to a question about the studio or the open app, or None when it is a wish."""
    text = wish.plain.strip(" ?!.")
    about_studio = _about_studio(text)
    if about_studio is not None:
        return about_studio
    if blueprint is None or not _QUESTION.search(text):
        return None
    return _about_app(text, blueprint)


def _about_studio(text: str) -> Phrase | None:
    if patterns.search(
        r"^(?:what (?:can|do) you (?:do|make|build)|what (?:are|is) you|who are you|help|what is this|que "
        r"puedes hacer|que sais-tu faire|was kannst du)(?: for me| here)?$",
        text,
    ):
        return phrase(
            "I turn your words into small apps: quizzes, stories, pets, games, drawing pads, timers and more. "
            "They play on this computer, with no network."
        )
    if patterns.search(
        r"^(?:does it|do (?:i|you)|does this) need (?:the )?(?:internet|wifi|network)\b", text
    ):
        return phrase("No. Apps are made and played on this computer, without a network.")
    if patterns.search(r"^(?:how (?:do|can) i share|how to share|can i share|can i send)\b", text):
        return phrase("Press Share. Your app becomes one file that opens with a double-click.")
    if patterns.search(r"^who (?:made|built|created) you\b", text):
        return phrase("I am a program. I follow rules that people wrote, and facts that people checked.")
    if patterns.search(r"^what can i (?:change|say|do)(?: here)?$", text):
        return phrase(
            "You can change the title, colours, letters and background, and add, change or remove parts, "
            "questions and rules."
        )
    return None


def _about_app(text: str, blueprint: Blueprint) -> Phrase | None:
    kinds = [str(block.type) for block in blueprint.blocks]
    if patterns.search(r"^(?:how many|cuant[ao]s|combien|wie viele)\b", text):
        return _how_many(text, blueprint)
    if patterns.search(r"how long is (?:the )?timer|how (?:long|much time)|wie lange", text):
        for block in blueprint.blocks:
            if block.type == "timer" and block.seconds:
                return slot_sentence("timer", "seconds", block.seconds)
    if patterns.search(r"\b(?:title|name|called|titulo|titre|titel)\b", text) and patterns.search(
        r"^(?:what|which|que|quel|wie|was)", text
    ):
        return phrase("The title is {title}.", title=blueprint.title)
    if patterns.search(r"^(?:what|which) (?:colou?rs?|palette|theme)\b", text):
        return phrase("The colours are called {palette}.", palette=blueprint.theme.palette)
    present = patterns.search(
        r"^(?:is|are) there (?:an? |any )?(quiz|timer|checklist|note|picker|wheel|flashcards|cards|poll|rules?)\b",
        text,
    )
    if present:
        return _is_there(present[1], kinds, len(blueprint.rules))
    if patterns.search(r"^what (?:parts|blocks)\b|^what is (?:in|inside)\b", text):
        return phrase("There are {count} parts in your app.", count=len(kinds))
    return None


def _how_many(text: str, blueprint: Blueprint) -> Phrase | None:
    for signs, kind, name, template in _COUNTS:
        if patterns.search(rf"\b(?:{signs})\b", text):
            lists = [getattr(block, name) for block in blueprint.blocks if block.type == kind]
            if lists:
                return phrase(template, count=sum(len(items) for items in lists))
    if patterns.search(r"\b(?:parts|blocks|partes|parties|teile)\b", text):
        return phrase("There are {count} parts in your app.", count=len(blueprint.blocks))
    if patterns.search(r"\brules\b", text):
        return phrase("There are {count} rules in your app.", count=len(blueprint.rules))
    return None


def _is_there(word: str, kinds: list[str], rules: int) -> Phrase:
    kind = {"wheel": "picker", "cards": "flashcards"}.get(word, word)
    there = rules > 0 if word.startswith("rule") else kind in kinds
    return phrase("Yes, there is one in your app.") if there else phrase("No, there is none in your app yet.")
