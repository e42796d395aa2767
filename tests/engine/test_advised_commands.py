"""A command that a text advises is about one stack."""

from __future__ import annotations

import pytest

from realtimekit_provider.engine.advised_commands import add_stack_option

TEXTS = {
    "run 'pulumi config set --secret a:b'": "run 'pulumi config set --secret a:b --stack my-dev'",
    "('pulumi config rm a:b') and": "('pulumi config rm a:b --stack my-dev') and",
    "(pulumi config set --secret NAME < KEYFILE)": (
        "(pulumi config set --secret NAME --stack my-dev < KEYFILE)"
    ),
    "run 'pulumi config set --secret 'a:b c'', or 'pulumi config rm d'": (
        "run 'pulumi config set --secret --stack my-dev 'a:b c'', or "
        "'pulumi config rm d --stack my-dev'"
    ),
    "a pulumi config, 'pulumi stack init NAME'": "a pulumi config, 'pulumi stack init NAME'",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_quoted_command_names_the_stack(text: str) -> None:
    """As typed it would change whichever is selected."""
    assert add_stack_option(text, "my-dev") == TEXTS[text]
