"""What only a pipeline calls: ``realtimekit ci``."""
