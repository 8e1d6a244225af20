"""News («actualités»): events and workshops that somebody announces, until they are over."""
