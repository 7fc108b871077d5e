"""From the bytes of a file to cells of text, exactly."""
