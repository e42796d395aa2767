"""SFTP folders."""
