/** The families of places that tiles number from 1: a letter each, so that colour is never alone. */

export const LETTERS = ["B", "F", "N", "M", "Q", "S", "E", "A", "•"] as const;

export interface Family {
  readonly number: number;
  readonly letter: string;
  readonly label: string;
}

/** Reads the labels that the page gives, in order, separated by «|». */
export function readFamilies(labels: string): readonly Family[] {
  return labels
    .split("|")
    .filter((label) => label !== "")
    .map((label, rank) => ({ number: rank + 1, letter: LETTERS[rank] ?? "•", label }));
}

export function familyOf(families: readonly Family[], number: unknown): Family | null {
  return families.find((family) => family.number === number) ?? null;
}
