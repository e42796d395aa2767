"""The control API, which tests steer the emulator by."""
