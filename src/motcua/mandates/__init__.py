"""Who may act for whom: mandates people write, parents of children, those who speak for a business."""
