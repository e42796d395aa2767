"""A fake Pulumi CLI: a lock in a folder, a provider's process, and a way to take signals.

``FAKE_BEHAVIOR`` names the way: ``quick`` needs no signal, ``polite`` ends at the first one,
``waiting`` at the second once its provider has ended, ``stubborn`` at none; ``early`` has no
handler and no log yet, and dies with the lock.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType

LOCKS = Path(os.environ["FAKE_LOCKS"])
BEHAVIOR = os.environ.get("FAKE_BEHAVIOR", "quick")
URL = os.environ.get("FAKE_URL", LOCKS.as_uri())
received: list[int] = []


def note_signal(number: int, _frame: FrameType | None) -> None:
    received.append(number)


def refuse_if_locked() -> None:
    locks = sorted(LOCKS.glob("*.json"))
    if locks:
        sys.stderr.write(f"error: the stack is currently locked by {len(locks)} lock(s).\n")
        for lock in locks:
            held = json.loads(lock.read_text())
            sys.stderr.write(
                f"  {URL}/{lock.name}: created by {held['username']}@{held['hostname']} "
                f"(pid {held['pid']}) at {held['timestamp']}\n"
            )
        sys.exit(1)


def up() -> int:
    refuse_if_locked()
    if BEHAVIOR != "early":
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, note_signal)
    lock = LOCKS / f"{uuid.uuid4()}.json"
    held = {"pid": os.getpid(), "username": "me", "hostname": socket.gethostname()}
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    # Whole at once: who sees it may read it, or stop this process.
    draft = LOCKS.with_name(lock.name)
    draft.write_text(json.dumps({**held, "timestamp": now}))
    draft.rename(lock)
    if BEHAVIOR != "early":
        Path(sys.argv[sys.argv.index("--event-log") + 1]).touch()
    provider = subprocess.Popen(["sleep", "300"])
    sys.stdout.write("Updating (test):\n" + os.environ.get("FAKE_OUTPUT", ""))
    sys.stdout.flush()
    sys.stderr.write(os.environ.get("FAKE_OUTPUT", ""))
    sys.stderr.flush()
    while BEHAVIOR != "quick" and not is_over(provider):
        time.sleep(0.02)
    lock.unlink()
    if BEHAVIOR in {"quick", "polite"}:
        provider.kill()
    return 1 if received else int(os.environ.get("FAKE_EXIT_CODE", "0"))


def is_over(provider: subprocess.Popen[bytes]) -> bool:
    if BEHAVIOR == "waiting":
        return len(received) > 1 and provider.poll() is not None
    return BEHAVIOR == "polite" and bool(received)


if __name__ == "__main__":
    match sys.argv[1]:
        case "up":
            sys.exit(up())
        case "stack":
            refuse_if_locked()
            sys.exit("error: a stack named test already exists")
        case "cancel":
            for one in LOCKS.glob("*.json"):
                one.unlink()
