"""What is done to S3, Spaces, Cloud Storage, Azure and SFTP: the only room with vendor SDKs."""
