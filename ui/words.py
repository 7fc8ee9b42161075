"""Words of the window that do not belong to one widget: sentences of the services, days, sizes.

Widgets translate their own words with `self.tr("...")`. A sentence that comes from `studio` is a
`Phrase`; its template is looked up in the context "studio". Helpers here use the context "words".
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

from studio.errors import StudioError
from studio.phrases import Phrase

STUDIO_CONTEXT = "studio"


def say(phrase: Phrase) -> str:
    """Return a sentence of the services in the language of the window, phrases among its values too."""
    if not phrase.template:
        return ""
    template = QCoreApplication.translate(STUDIO_CONTEXT, phrase.template)
    if not phrase.values:
        return template
    values = {
        name: say(value) if isinstance(value, Phrase) else value for name, value in phrase.values.items()
    }
    try:
        return template.format(**values)
    except (KeyError, IndexError, ValueError):  # a translation that lost a name must not lose the sentence
        return str(phrase)


def say_all(phrases: Iterable[Phrase]) -> str:
    """Return whole sentences one after the other."""
    return " ".join(said for said in map(say, phrases) if said)


def say_error(error: StudioError) -> tuple[str, str]:
    """Return what happened, and in a second line what was kept and what to do next."""
    return say(error.what), say_all((error.kept, error.next))


def when(moment: datetime.datetime, now: datetime.datetime | None = None) -> str:
    """Return a moment as a person says it: "Today, 10:42", "Yesterday", "Monday", "12 November"."""
    here = moment.astimezone()
    today = (now or datetime.datetime.now(datetime.UTC)).astimezone().date()
    days = (today - here.date()).days
    locale = QLocale()
    if days <= 0:
        clock = locale.toString(QTime(here.hour, here.minute), QLocale.FormatType.ShortFormat)
        return QCoreApplication.translate("words", "Today, {time}").format(time=clock)
    if days == 1:
        return QCoreApplication.translate("words", "Yesterday")
    date = QDate(here.year, here.month, here.day)
    if days < 7:
        return locale.standaloneDayName(date.dayOfWeek())
    pattern = "d MMMM" if here.year == today.year else "d MMMM yyyy"
    return locale.toString(date, pattern)


def size(size_bytes: int) -> str:
    """Return a size as a person says it, rounded to what matters."""
    return QLocale().formattedDataSize(
        size_bytes, 0 if size_bytes < 10_000_000 else 1, QLocale.DataSizeFormat.DataSizeSIFormat
    )
