"""The electronic wallet of a person: results and papers kept to be handed in again (decree 107/2021, art. 1.16)."""
