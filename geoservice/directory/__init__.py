"""The directory («annuaire») of mediators who agreed to be in it."""
