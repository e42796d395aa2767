"""Nothing lost, nothing doubled, nothing leaked: the campaigns that measure it.

``python -m tests.fault_injection`` runs every operation under every fault and kills deployments at
random moments. What counts as right is looked up in the emulator, not in the provider.
"""
