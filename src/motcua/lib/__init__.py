"""The ground everything stands on: actions, rules, time, numbers, hashes and keys; it knows nothing of government."""
