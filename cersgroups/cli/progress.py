"""What people see while they wait: a progress bar on a terminal, nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, float], None]


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Gives a function to call with what is being done and how much of it is done (0 to 1)."""
    if not sys.stderr.isatty():
        yield lambda _what, _share: None
        return
    # rich is only loaded where somebody looks: a script pays nothing for it
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=1.0)
        yield lambda what, share: bar.update(task, description=what, completed=share)


def tell(sentence: str) -> None:
    """A message for people: on standard error, so that standard output holds only results."""
    print(sentence, file=sys.stderr)


def counted(count: int, things: str) -> str:
    """`1 group`, `2,000 groups`: `things` is the plural."""
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"
