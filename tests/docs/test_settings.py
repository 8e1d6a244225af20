"""docs/settings.md and the settings say the same."""

import re

import pytest
from pydantic_core import PydanticUndefined

from geoservice.paths import ROOT
from geoservice.settings import Settings

ROWS = {
    name.lower(): default
    for name, default in re.findall(
        r"^\| `GEOSERVICE_(\w+)` \| (.+?) \|",
        (ROOT / "docs" / "settings.md").read_text(),
        re.MULTILINE,
    )
}


def test_every_setting_is_documented() -> None:
    assert set(ROWS) == set(Settings.model_fields)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_the_documented_default_is_the_one_used(name: str) -> None:
    default = Settings.model_fields[name].default
    documented = ROWS[name]

    assert default is not PydanticUndefined
    if default is None:
        assert documented == "–"
    elif documented.startswith("`") and name != "data_dir":  # that one depends on the folder
        assert documented.strip("`") == str(default).lower().removesuffix(".0")
