"""Make: talk about an app, see it, change it by hand, share it."""
