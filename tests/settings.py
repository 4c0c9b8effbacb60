"""The settings with a data folder that is nobody's, for tools that only look at the models (mypy's plugin)."""

import os
import tempfile
from pathlib import Path

_FOLDER = Path(tempfile.gettempdir()) / f"cersgroups-models-{os.getuid()}"
_FOLDER.mkdir(mode=0o700, exist_ok=True)
os.environ["CERSGROUPS_DATA"] = str(_FOLDER)

from cersgroups.config.settings import *  # noqa: E402, F403 - the folder first
