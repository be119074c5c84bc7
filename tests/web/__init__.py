"""The tests of `web`, package by package."""
