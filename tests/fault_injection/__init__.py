"""Fault injection: every operation under every fault, and deployments that are killed.

``python -m tests.fault_injection`` runs all of it and writes the report. The invariants are checked
in the emulator, not in the provider. The folders:

* ``cases``: operations, faults and their combinations, as data
* ``case_runner``: runs a case against a provider process, over gRPC
* ``provider_process``: that process, with a faster clock and, if asked for, without one rule
* ``pulumi_cli``: faults, crash tests and concurrent deployments through the real engine
"""
