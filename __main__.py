"""The recordings of the selected stack, as stacks/Pulumi.STACK.yaml declares them."""

import pulumi

from realtimekit_provider.program import declare, load, summary

stack = load()
recordings = declare(stack)
pulumi.export("recordings", summary(stack, recordings))
