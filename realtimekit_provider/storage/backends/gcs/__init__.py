"""Cloud Storage buckets and service accounts."""
