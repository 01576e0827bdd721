"""Tests of the catalogue of procedures."""
