"""What is promised to a mother and to the officers who serve her, played in a real browser in a running country."""
