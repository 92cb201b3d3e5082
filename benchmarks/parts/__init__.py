"""What the benchmarks share: rows of the table, the rivals, and a site to click on."""
