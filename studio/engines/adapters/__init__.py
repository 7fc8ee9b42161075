"""The child's side of the engines: the only rooms that import a model runtime. Only `worker` imports them."""
