"""The recordings of the selected stack, as stacks/Pulumi.STACK.yaml declares them."""

import pulumi

from realtimekit_provider.stack import declare, load, summary

recordings = load()
resources = declare(recordings)
pulumi.export("recordings", summary(recordings, resources))
