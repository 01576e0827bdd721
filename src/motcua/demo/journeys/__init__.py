"""The stories of the demo country, played through its pages, each checked at its end."""
