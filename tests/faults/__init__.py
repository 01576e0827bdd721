"""What is promised about faults, each of them caused."""
