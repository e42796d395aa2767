"""The requests and responses of the RealtimeKit recordings API as models."""
