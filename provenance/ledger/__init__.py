"""Facts stored once, as run folders of Parquet with a manifest, and asked in typed questions."""
