"""How the country works, in numbers: each counted from entries of the journal, and ready to be counted again."""
