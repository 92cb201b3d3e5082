"""Progress in pictures: what the log says, each picture with its table, and out as an image or a CSV file."""
