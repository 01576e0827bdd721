"""The citizen's front door: find a procedure, apply, follow, receive, check a paper."""
