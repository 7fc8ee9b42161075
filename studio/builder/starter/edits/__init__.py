"""From a wish to typed operations on an open app: only what was asked changes."""
