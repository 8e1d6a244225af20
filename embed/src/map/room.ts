/** Where the map is still seen when the panel covers a part of it. */

/** Pixels of the window, y downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function boxOf(element: HTMLElement): Box {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return { left, top, right, bottom }; // a DOMRect cannot be spread
}

/** From the middle of the map to the middle of the largest part that the panel leaves free. */
export function besidePanel(map: Box, panel: Box): [x: number, y: number] {
  const free: readonly Box[] = [
    { ...map, left: panel.right },
    { ...map, top: panel.bottom },
    { ...map, bottom: panel.top },
  ];
  const largest = free.reduce((best, next) => (area(next) > area(best) ? next : best));
  return [
    (largest.left + largest.right - map.left - map.right) / 2,
    (largest.top + largest.bottom - map.top - map.bottom) / 2,
  ];
}

function area({ left, top, right, bottom }: Box): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}
