"""Queues before the counters: tickets drawn, called, served."""
