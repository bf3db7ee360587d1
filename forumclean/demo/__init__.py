"""Samples for the demo verb, shipped in the wheel."""
