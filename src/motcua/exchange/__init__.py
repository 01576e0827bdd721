"""The exchange: signed messages between the agencies of a country, delivered once, in order, with receipts."""
