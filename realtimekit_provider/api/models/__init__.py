"""What travels: the requests and answers of the RealtimeKit recordings API as models."""
