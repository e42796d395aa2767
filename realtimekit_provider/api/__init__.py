"""How it travels: the only room that speaks HTTP to RealtimeKit."""
