"""The Pulumi options that all resources of this package share."""

from __future__ import annotations

import pulumi

from realtimekit_provider.engine.sdk_process import IMPORT_REFUSAL

__all__ = ["with_delete_before_replace"]


def with_delete_before_replace(opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with deletion before replacement, whatever causes the replacement.

    The providers' diffs say the same, but the engine does not call ``diff`` for a resource that
    ``--replace`` names or that is tainted. A recording, a key and a bucket are found again by
    their names: created before the old one is deleted, the new one would be deleted with it.

    Raises:
        pulumi.RunError: The resource is to be imported.
    """
    if opts is not None and opts.import_ is not None:
        raise pulumi.RunError(IMPORT_REFUSAL)
    delete_first = pulumi.ResourceOptions(delete_before_replace=True)
    return pulumi.ResourceOptions.merge(opts, delete_first)
