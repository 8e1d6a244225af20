"""What is told of one territory: figures, places, people, downloads. Above all that it shows."""
