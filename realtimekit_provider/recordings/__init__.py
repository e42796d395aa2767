"""What a recording means: inputs, plan and state, knowing neither Pulumi nor HTTP."""
