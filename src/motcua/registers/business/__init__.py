"""The register of enterprises: who does business, under which code, and who speaks for them."""
