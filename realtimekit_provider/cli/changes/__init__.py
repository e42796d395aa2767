"""What a deployment of a stack would change: its preview, in recording words, and its digest."""
