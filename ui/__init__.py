"""The window: a client of the services in `studio`, made with Qt."""
