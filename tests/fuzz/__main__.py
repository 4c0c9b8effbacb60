"""`python -m tests.fuzz NAME [SECONDS]`: throw bytes at one parser (parser.py), guided by what they reach.

Without a name: their names.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["cersgroups"]):
    from tests.fuzz.parser import PARSERS, throw

SECONDS = 60


def main(name: str, seconds: int) -> None:
    """Ends with status 0 when the time is over; at a fault with a trace, and the bytes in a file crash-... ."""
    parser, seeds = PARSERS[name]
    with TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [
            f"-max_total_time={seconds}",
            "-max_len=4096",
            "-len_control=0",  # else a minute's inputs are shorter than a table's first line
            "-timeout=30",
            "-rss_limit_mb=2048",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], corpus, *limits], lambda content: throw(parser, content))
        atheris.Fuzz()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else SECONDS)
    else:
        sys.stdout.write("\n".join(PARSERS))
