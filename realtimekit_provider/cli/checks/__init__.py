"""What ``realtimekit doctor`` examines: a file a subject, a function a check."""
