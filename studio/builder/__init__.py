"""Words in, an app or a change of an app out."""
