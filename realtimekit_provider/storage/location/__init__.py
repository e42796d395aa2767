"""``StorageLocation``: the bucket, container or folder that recordings are written to."""
