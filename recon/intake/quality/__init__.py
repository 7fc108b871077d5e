"""What is said of cells, rows and totals, and the balance of every sheet."""
