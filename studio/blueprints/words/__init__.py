"""Tables of words for people: names of choices, and one sentence for each thing that can change."""
