"""The rules of an app by hand: when this happens there, do that here. Each one is a card that reads as a sentence."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.blueprints import Blueprint, Do, ProjectDocument, Rule, block_title, choice_name, slot
from studio.blueprints.events import actions_for, aims_of, can_happen, events_of, new_rule
from ui.make.desk import Desk
from ui.make.fields import WordsField
from ui.theme import Theme
from ui.widgets import Card, Combo, Glyph, Wrapped, button, col, combo, frame, row, text, tool
from ui.words import say


def rules_form(desk: Desk) -> QVBoxLayout:
    """Return all rules of an app, and the way to one more."""
    form = col(gap=12)
    rules = RulesEditor(desk)
    desk.follow(rules.show_document)
    form.addWidget(rules)
    return form


class RulesEditor(QWidget):
    """Show the rules of an app: each can be changed and removed; more can be added, up to what fits."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        rules = desk.blueprint.rules
        most = int(slot(Blueprint, "rules").most)
        self.cards = [RuleCard(desk, index) for index in range(len(rules))]
        for card in self.cards:
            card.opened.connect(self._on_opened)
        about = text(
            self.tr("A rule lets one part answer another: when the quiz is won, throw confetti."),
            "small",
            wrap=True,
        )
        made = col(about, *self.cards, gap=12)
        if len(rules) < most:
            add = button(
                desk.theme, self.tr("Add a rule"), "quiet", "plus-bold", size="small", clicked=self.add
            )
            add.setObjectName("inspector.add_rule")
            made.addLayout(row(add, None))
        else:
            made.addWidget(
                text(
                    self.tr("{count} rules are as many as an app can have.").format(count=most),
                    "small",
                    wrap=True,
                )
            )
        self.setLayout(made)
        self.setAccessibleName(self.tr("Rules"))

    def show_document(self, document: ProjectDocument) -> None:
        """Show the rules of a document in the same cards."""
        for card in self.cards:
            card.show_rule()

    def add(self) -> None:
        """Ask for a new rule at the end, and open it."""
        self._desk.open_rule = len(self._desk.ahead.rules)
        self._desk.put("/rules/-", new_rule(self._desk.ahead))

    def _on_opened(self, index: int) -> None:
        """Close the others: one rule at a time has room for its menus."""
        self._desk.open_rule = index
        for card in self.cards:
            card.show_open()


class RuleCard(QWidget):
    """Show one rule as a sentence; opened, as menus: When [part] [does this] do [that] [to part], say [words]."""

    opened = Signal(int)

    def __init__(self, desk: Desk, index: int) -> None:
        super().__init__()
        self._desk, self._index = desk, index
        theme = desk.theme
        self.source = _menu(theme, self.tr("When this part"))
        self.happens = _menu(theme, self.tr("What happens in it"))
        self.action = _menu(theme, self.tr("What to do then"))
        self.target = _menu(theme, self.tr("To which part"))
        self._to = text(self.tr("in"), "label")
        self._aim = QWidget()
        self._aim.setLayout(col(self._to, self.target, gap=4))
        self.words = WordsField(
            theme, slot(Do, "say"), self._rule.do.say, name=self.tr("And say, if you like"), label=True
        )
        self._trouble = QWidget()
        self._trouble.setLayout(
            row(
                Glyph(theme, "warning-fill", "warn", 16),
                (
                    text(
                        self.tr("This can never happen in this part. Choose something else."),
                        "small",
                        wrap=True,
                    ),
                    1,
                ),
                gap=6,
            )
        )
        self._told = Wrapped("")
        caret = Glyph(theme, "caret-down-bold", "text_soft", 16)
        inside = row((self._told, 1), caret, margins=(12, 10, 10, 10), gap=8)
        self.closed = Card("", inside, clicked=lambda: self.opened.emit(index))
        self._form = frame("card", self._open_form(index))
        self.setLayout(col(self.closed, self._form, gap=0))
        for menu, change in (
            (self.source, self._on_source),
            (self.happens, self._on_event),
            (self.action, self._on_action),
            (self.target, self._on_target),
        ):
            menu.activated.connect(change)
        self.words.settled.connect(lambda said: desk.put(f"/rules/{index}/do/say", said, self.words))
        self.words.typed.connect(desk.typed)
        self.show_rule()
        self.show_open()

    def _open_form(self, index: int) -> QVBoxLayout:
        theme = self._desk.theme
        name = self.tr("Remove rule {number}").format(number=index + 1)
        bin_ = tool(theme, "trash", name, clicked=self._on_removed)
        bin_.setObjectName("rule.remove")
        name = self.tr("Close rule {number}").format(number=index + 1)
        fold = tool(theme, "caret-up-bold", name, clicked=lambda: self.opened.emit(-1))
        number = text(self.tr("Rule {number}").format(number=index + 1), "strong")
        return col(
            row(number, None, bin_, fold, gap=0),
            text(self.tr("When"), "label"),
            self.source,
            self.happens,
            self._trouble,
            text(self.tr("do"), "label"),
            self.action,
            self._aim,
            self.words,
            margins=(12, 4, 6, 12),
            gap=6,
        )

    def show_open(self) -> None:
        """Show the menus if this is the rule that is open, else the sentence."""
        opened = self._desk.open_rule == self._index
        had_focus = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        self._form.setVisible(opened)
        self.closed.setVisible(not opened)
        if had_focus:
            (self.source if opened else self.closed).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _rule(self) -> Rule:
        return self._desk.blueprint.rules[self._index]

    def show_rule(self) -> None:
        """Show the rule as it is now."""
        blueprint, rule = self._desk.blueprint, self._rule
        parts = self._parts(blueprint)
        _show(self.source, _with(parts, rule.when.block, self.tr("A part that is gone")), rule.when.block)
        _show(self.happens, self._events(blueprint, rule), rule.when.event)
        actions = [(say(choice_name("Do", "action", name)), name) for name in actions_for(blueprint)]
        own = say(choice_name("Do", "action", rule.do.action))
        _show(self.action, _with(actions, rule.do.action, own), rule.do.action)
        aims = aims_of(blueprint, rule.do.action)
        _show(
            self.target,
            _with([parts[place] for place in aims], rule.do.block, self.tr("A part that is gone")),
            rule.do.block,
        )
        self._aim.setVisible(bool(aims))
        self._trouble.setVisible(not can_happen(blueprint, rule))
        self.words.set_value(rule.do.say)
        self._told.setText(self.sentence())
        self.closed.setAccessibleName(self.sentence())
        self.setAccessibleName(self.sentence())

    def sentence(self) -> str:
        """Return the rule in one line."""
        aimed, says = not self._aim.isHidden(), bool(self._rule.do.say)
        pattern = {
            (False, False): self.tr("When “{part}” {event}: {action}"),
            (False, True): self.tr("When “{part}” {event}: {action} and say “{words}”"),
            (True, False): self.tr("When “{part}” {event}: {action} in “{target}”"),
            (True, True): self.tr("When “{part}” {event}: {action} in “{target}” and say “{words}”"),
        }[aimed, says]
        return pattern.format(
            part=self.source.currentText(),
            event=self.happens.currentText(),
            action=self.action.currentText(),
            target=self.target.currentText(),
            words=self._rule.do.say,
        )

    def _parts(self, blueprint: Blueprint) -> list[tuple[str, str]]:
        """Return the parts by their titles; those of one title are told apart by their places."""
        titles = [say(block_title(block)) for block in blueprint.blocks]
        twin = self.tr("{title} (part {number})")
        return [
            (title if titles.count(title) == 1 else twin.format(title=title, number=place), f"b{place}")
            for place, title in enumerate(titles, 1)
        ]

    def _events(self, blueprint: Blueprint, rule: Rule) -> list[tuple[str, str]]:
        place = int(rule.when.block[1:]) - 1
        found = events_of(blueprint.blocks[place].type) if place < len(blueprint.blocks) else {}
        events = [(say(words), name) for name, words in found.items()]
        return _with(events, rule.when.event, say(choice_name("When", "event", rule.when.event)))

    # ------------------------------------------------------------------ changes

    def _put(self, **parts: Any) -> None:
        rule = self._desk.ahead.rules[self._index]
        when = {"block": rule.when.block, "event": rule.when.event} | parts.get("when", {})
        do = {"block": rule.do.block, "action": rule.do.action, "say": rule.do.say} | parts.get("do", {})
        self._desk.put(f"/rules/{self._index}", {"when": when, "do": do})

    def _on_source(self) -> None:
        name = self.source.currentData()
        blocks = self._desk.ahead.blocks
        event = self._rule.when.event
        known = events_of(blocks[int(name[1:]) - 1].type)
        self._put(when={"block": name, "event": event if event in known else next(iter(known))})

    def _on_event(self) -> None:
        self._put(when={"event": self.happens.currentData()})

    def _on_action(self) -> None:
        action = self.action.currentData()
        aims = [f"b{place + 1}" for place in aims_of(self._desk.ahead, action)]
        block = self._rule.do.block
        self._put(do={"action": action, "block": block if not aims or block in aims else aims[0]})

    def _on_target(self) -> None:
        self._put(do={"block": self.target.currentData()})

    def _on_removed(self) -> None:
        self._desk.ask({"op": "remove_rule", "index": self._index + 1})


def _menu(theme: Theme, name: str) -> Combo:
    made = combo(theme, name, [])
    made.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(8)
    return made


def _show(menu: Combo, choices: list[tuple[str, str]], value: str) -> None:
    if [(menu.itemText(place), menu.itemData(place)) for place in range(menu.count())] != choices:
        menu.clear()
        for words, data in choices:
            menu.addItem(words, data)
    menu.setCurrentIndex(menu.findData(value))


def _with(choices: list[tuple[str, str]], value: str, words: str) -> list[tuple[str, str]]:
    """Return choices, and the one that is set now if it is not among them."""
    return choices if any(data == value for _, data in choices) else [*choices, (words, value)]
