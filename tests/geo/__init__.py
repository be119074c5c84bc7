"""The tests of `geo`, package by package."""
