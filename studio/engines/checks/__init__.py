"""What is looked at before a model is loaded: bounded, in pure Python, and quick."""
