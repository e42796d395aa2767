"""What ``realtimekit ci preview`` writes: a report of all stacks in GitHub's Markdown."""
