"""Measuring an engine on labelled contracts."""
