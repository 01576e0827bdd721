"""What auditors and operators look at: the timeline of any subject, the integrity of the journal, the other nodes."""
