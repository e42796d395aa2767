"""``TrackRecording``: the resource, its controller, and its decisions, a file a subject.

Only ``resource`` and ``controller`` know Pulumi, and no file knows HTTP.
"""
