"""From text to typed values, never through a guess."""
