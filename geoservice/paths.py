"""Where the files that travel with the code are: templates, sources, static files, database files."""

from pathlib import Path

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
"""The clone, when there is one; the wheel carries `import/` and `templates/` inside the package."""

IN_A_CLONE = (ROOT / "pyproject.toml").exists()

TEMPLATES = ROOT / "templates" if IN_A_CLONE else PACKAGE / "_templates"
SOURCES = ROOT / "import" if IN_A_CLONE else PACKAGE / "_import"
STATIC = PACKAGE / "web" / "static"
DATA = ROOT / ".data" if IN_A_CLONE else Path.cwd() / ".data"
