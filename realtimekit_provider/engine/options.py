"""What all resources here have in common among Pulumi's options."""

from __future__ import annotations

import pulumi

__all__ = ["with_delete_before_replace"]


def with_delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with deletion before replacement, whoever asks for the replacement.

    The providers' diffs say the same, but the engine does not ask them about a resource that
    ``--replace`` names or that is tainted. A recording, a key and a bucket are found again by
    their names: made anew before the old one is deleted, they would be the ones that go.
    """
    first = pulumi.ResourceOptions(delete_before_replace=True)
    return pulumi.ResourceOptions.merge(opts, first)
