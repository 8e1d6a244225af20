"""The command line speaks French: what typer says by itself is in English."""

import re
import sys
from collections.abc import Callable
from typing import Any

import typer
from typer import rich_utils

PANELS = {
    "ARGUMENTS_PANEL_TITLE": "À donner",
    "OPTIONS_PANEL_TITLE": "Options",
    "COMMANDS_PANEL_TITLE": "Commandes",
    "REQUIRED_LONG_STRING": "[obligatoire]",
    "DEFAULT_STRING": "[par défaut : {}]",
    "ENVVAR_STRING": "[variable : {}]",
    "DEPRECATED_STRING": "(abandonné) ",
}
"""Words of the help, by their names in typer."""
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Missing argument '(.+?)'\.", r"Il manque « \1 »."),
    (r"Missing option '(.+?)'\.", r"Il manque l’option « \1 »."),
    (r"Choose from:\s*", "Valeurs acceptées : "),
    (r"No such option: (\S+)", r"L’option « \1 » n’existe pas."),
    (r"\(Possible options: (.+)\)", r"Vouliez-vous dire \1 ?"),
    (r"No such command '(.+?)'", r"La commande « \1 » n’existe pas"),
    (r"Missing command\.", "Il manque une commande."),
    (r"\. Did you mean (.+)\?", r". Vouliez-vous dire \1 ?"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"« \1 » est de trop."),
    (r"Option '(.+?)' requires an argument\.", r"L’option « \1 » attend une valeur."),
    (r"Option '(.+?)' does not take a value\.", r"L’option « \1 » n’a pas de valeur."),
    (r"Invalid value for '(.+?)': ", r"« \1 » : "),
    (r"Value error, '(.*)' is not one of (.+)\.", r"« \1 » n’est pas accepté. Valeurs : \2."),
    (r"Input should be a valid (?:integer|number).*", "il faut un nombre."),
)


def in_french(sentence: str) -> str:
    for english, french in SENTENCES:
        sentence = re.sub(english, french, sentence)
    return " ".join(sentence.split())


class FrenchFormatter(typer.Context.formatter_class):
    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        told = args.replace("COMMAND [ARGS]...", "COMMANDE …")
        super().write_usage(prog, told, prefix or "Utilisation : ")


class FrenchContext(typer.Context):
    formatter_class = FrenchFormatter


def run(app: typer.Typer, tell: Callable[[str], None]) -> None:
    """Run the command that the terminal asks for, then exit; `tell` prints what was wrong with it."""
    for name, french in PANELS.items():
        setattr(rich_utils, name, french)
    command = typer.main.get_command(app)
    _help_in_french(command)
    try:
        status = command(standalone_mode=False)
    except typer.Abort:
        tell("Interrompu.")
        raise SystemExit(1) from None
    except typer.exceptions.TyperException as error:
        _explain(error, tell)
        raise SystemExit(getattr(error, "exit_code", 1)) from None
    raise SystemExit(status if isinstance(status, int) else 0)


def _explain(error: Any, tell: Callable[[str], None]) -> None:
    """What was wrong with a command, and how it is written; nothing when its help was the answer."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return
    context = getattr(error, "ctx", None)
    if context is not None:
        sys.stderr.write(context.get_usage() + "\n")
    tell(in_french(error.format_message()))
    if context is not None:
        sys.stderr.write(f"« {context.command_path} --help » explique la commande.\n")


def _help_in_french(command: Any) -> None:
    command.context_class = FrenchContext
    if option := command.get_help_option(FrenchContext(command)):
        option.help = "Afficher cette aide."
    for each in getattr(command, "commands", {}).values():
        _help_in_french(each)
