"""Who people are to the state: accounts, and appointments to posts."""
