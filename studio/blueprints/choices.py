"""The words that a slot may choose from, in the order of the schema."""

from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "es", "fr", "de", "it", "pt", "nl", "pl", "tr", "ar", "hi", "zh"]

# fmt: off
Icon: TypeAlias = Literal[
    "star", "heart", "rocket", "planet", "moon", "sun", "cloud", "rainbow", "fire", "snow", "tree", "flower",
    "leaf", "apple", "banana", "pizza", "cake", "candy", "cat", "dog", "fox", "bear", "panda", "rabbit", "frog",
    "fish", "octopus", "whale", "dino", "dragon", "unicorn", "robot", "alien", "ghost", "ball", "trophy",
    "medal", "clock", "book", "pencil", "paint", "music", "drum", "guitar", "bell", "car", "train", "plane",
    "boat", "bike", "house", "castle", "gift", "balloon", "key", "gem", "coin", "bolt", "bug", "bird", "owl",
    "turtle", "hand", "smile", "sad", "question", "check", "cross", "none",
]
Palette: TypeAlias = Literal[
    "space", "ocean", "forest", "candy", "sunset", "mono", "neon", "pastel",
    "desert", "ice", "fire", "rainbow", "school", "retro", "jungle", "night",
]
# fmt: on
Mode: TypeAlias = Literal["light", "dark"]
Font: TypeAlias = Literal["round", "clean", "serif", "pixel", "hand"]
Background: TypeAlias = Literal["plain", "stars", "bubbles", "clouds", "grid", "leaves", "confetti", "waves"]
Size: TypeAlias = Literal["normal", "large"]
Layout: TypeAlias = Literal["stack", "tabs", "grid", "steps"]

BlockRef: TypeAlias = Literal["b1", "b2", "b3", "b4", "b5", "b6"]
RuleEvent: TypeAlias = Literal["start", "finish", "right", "wrong", "win", "lose", "tick", "click", "change"]
# fmt: off
RuleAction: TypeAlias = Literal[
    "confetti", "sound_good", "sound_bad", "add_point", "lose_point", "start_timer", "stop_timer",
    "reset", "next_block", "show_block", "hide_block", "speak", "shake",
]
PageRef: TypeAlias = Literal[
    "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12", "end",
]
Note16: TypeAlias = Literal[
    "C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5",
    "kick", "snare", "hat", "clap", "boing", "whoosh", "ding", "buzz",
]
# fmt: on
Pace: TypeAlias = Literal["slow", "normal", "fast"]
