"""S3 buckets and IAM users."""
