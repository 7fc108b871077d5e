"""What every room stands on: errors, records, texts, settings files, temporary and kept files."""
