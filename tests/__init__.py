"""The tests: they mirror the packages; `helpers` is what they share."""
