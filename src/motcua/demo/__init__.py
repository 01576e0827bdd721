"""A small country on one machine: its nodes, its invented people, and the stories they play."""
