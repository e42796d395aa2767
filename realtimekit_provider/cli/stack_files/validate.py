"""Everything that is wrong with the files of a project's stacks, reported at its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from realtimekit_provider.cli.stack_files.file_config import FileConfig, read_stack_file
from realtimekit_provider.cli.stack_files.names import describe_bad_name
from realtimekit_provider.cli.stack_files.project import Project, StackFile
from realtimekit_provider.cli.stack_files.yaml_reader import YamlMistakeError
from realtimekit_provider.engine.advised_commands import add_stack_option
from realtimekit_provider.engine.settings import is_about_environment
from realtimekit_provider.program.empty_config import (
    describe_empty_config,
    find_similar_keys,
    find_stack_files,
)
from realtimekit_provider.program.read import CONFIG_NAMES, has_section, read_stack
from realtimekit_provider.program.recordings import LAYERS_KEY
from realtimekit_provider.program.references import NAMESPACE
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.storage_names import has_region_form
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["FileReport", "Mistake", "validate_stack_file"]

_NAMESPACES = frozenset({NAMESPACE, "cloudflare"})
_SECTION_NAMES = frozenset({"layers", *(section.name for section in SECTIONS)})


@dataclass(frozen=True)
class Mistake:
    """What is wrong in a stack's file.

    Attributes:
        path: Where it stands in the config, empty for the whole file.
        reason: What would be right.
        line: The line, from 1.
        advice: Lines that follow the sentence, where one does not say enough.
    """

    path: str
    reason: str
    line: int
    advice: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the sentence for a person."""
        return f"{self.path}: {self.reason}" if self.path else self.reason


@dataclass(frozen=True)
class FileReport:
    """What a stack's file declares, and what is wrong with it.

    Attributes:
        file: The stack's file.
        stack: What it declares, ``None`` where it cannot be read.
        mistakes: What is wrong, by line.
        notes: What a reader should know and nobody has to change.
        variables: What is wrong with the environment variables that the stack would take, which
            is no mistake of the file.
        config: What is written in it, ``None`` where it cannot be read.
    """

    file: StackFile
    stack: Stack | None
    mistakes: tuple[Mistake, ...]
    notes: tuple[str, ...] = ()
    variables: tuple[InputFailure, ...] = ()
    config: FileConfig | None = field(default=None, repr=False)


def validate_stack_file(file: StackFile, project: Project) -> FileReport:
    """Return what a stack's file declares, and what is wrong with it.

    No token, no passphrase and no other file is needed. An encrypted value is taken as given.
    """
    bad_name = describe_bad_name(file.stack)
    named = () if bad_name is None else (Mistake("", bad_name, 1),)
    try:
        config = read_stack_file(file.path, project)
    except YamlMistakeError as error:
        return FileReport(file, None, (*named, Mistake("", error.reason, error.line)))
    stack, failures = read_stack(config)
    outside = [*_find_unread_parts(config), *_list_keys_outside_config(config)]
    missing = [] if outside else list(_list_missing_sections(config, file, project))
    reported = {mistake.path for mistake in missing}
    found = [
        *named,
        *outside,
        *missing,
        *_list_keys_without_namespace(config),
        *(
            _to_mistake(one, config, file.stack)
            for one in failures
            if one.path not in reported and not is_about_environment(one)
        ),
    ]
    return FileReport(
        file,
        stack,
        tuple(sorted(found, key=lambda mistake: mistake.line)),
        (*_list_notes(config), *_list_region_notes(stack)),
        tuple(filter(is_about_environment, failures)),
        config,
    )


def _to_mistake(failure: InputFailure, config: FileConfig, stack: str) -> Mistake:
    reason = add_stack_option(failure.reason, stack)
    return Mistake(failure.path, reason, config.find_line(failure.path) or 1)


def _find_unread_parts(config: FileConfig) -> Iterator[Mistake]:
    if (line := config.find_bad_config()) is not None:
        yield Mistake("config", "must be a mapping of keys to values", line)
    if config.second_document is not None:
        reason = (
            "a second document begins here, which is not read: write what it sets into the first "
            "one, before Pulumi next writes the file, which drops it"
        )
        yield Mistake("", reason, config.second_document)


def _list_keys_outside_config(config: FileConfig) -> Iterator[Mistake]:
    for key, line in config.list_keys_outside_config().items():
        if key.partition(":")[0] in _NAMESPACES:
            advice = "indent it below 'config:'"
        elif (name := closest_match(key.rpartition(":")[2], CONFIG_NAMES)) is not None:
            advice = f"write it below 'config:' as {NAMESPACE}:{name}"
        else:
            continue
        reason = (
            f"stands one level too high: {advice}, before Pulumi next writes the file, which "
            "drops it"
        )
        yield Mistake(key, reason, line)


def _list_keys_without_namespace(config: FileConfig) -> Iterator[Mistake]:
    """Yield what reads like a section, and is left unread while another section is there."""
    known = config.keys()
    for key in known if has_section(config) else ():
        namespace, _, name = key.partition(":")
        is_section = name in _SECTION_NAMES and config.list_inner_names(key)
        # Where the section is there too, it is a key of the project's own program.
        if f"{NAMESPACE}:{name}" not in known and namespace not in _NAMESPACES and is_section:
            reason = f"write {NAMESPACE}:{name}: as it stands it is not read"
            yield Mistake(key, reason, config.find_line(key) or 1)


def _list_missing_sections(
    config: FileConfig, file: StackFile, project: Project
) -> Iterator[Mistake]:
    if has_section(config) or config.imports_environments:
        return
    keys = [section.key for section in SECTIONS]
    similar = find_similar_keys(keys, config.keys())
    for key, meant in similar.items():
        reason = f"write {meant}: as it stands it is not read, and the config declares nothing"
        yield Mistake(key, reason, config.find_line(key) or 1)
    if not similar:
        files = find_stack_files(project.folder, file.stack)
        reason, *advice = describe_empty_config(keys, config.keys(), files).split("\n")
        yield Mistake("", reason, 1, tuple(advice))


def _list_notes(config: FileConfig) -> Iterable[str]:
    if config.imports_environments:
        yield (
            "imports environments of Pulumi ESC, which are not read here: what they set is not "
            "checked"
        )


def _list_region_notes(stack: Stack) -> Iterator[str]:
    """Yield each region that reads like a slip of the finger: only its cloud knows whether it is.

    Where nothing but the creation of the storage tells (Google), live recordings that are to move
    there are stopped by then, so this is worth a look.
    """
    declared = {f"{NAMESPACE}:{name}": section for name, section in stack.sections.items()}
    for path, storage in _list_storage({**declared, LAYERS_KEY: stack.layers}, ()):
        region, storage_type = storage.get("region"), storage.get("type")
        if not (isinstance(region, str) and isinstance(storage_type, str)):
            continue
        if not has_region_form(region, storage_type):
            yield (
                f"{format_path((*path, 'region'))}: is not named like a region of "
                f"{storage_type}. If it is none, the deployment fails, and may have stopped "
                "the live recordings that are to move there by then"
            )


def _list_storage(
    value: Any, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, Any]]]:
    inner = value.items() if isinstance(value, Mapping) else ()
    listed = enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, Mapping) and "region" in value:
        yield path, value
    for key, one in (*inner, *listed):
        yield from _list_storage(one, (*path, key))
