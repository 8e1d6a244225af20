/** What a combobox knows, and what follows from what people do. No DOM here. */

export interface Locality {
  readonly libelle: string;
  readonly type: string;
}

export interface State {
  readonly options: readonly Locality[];
  /** Rank of the option that the arrow keys reached; null while the field itself is edited. */
  readonly active: number | null;
}

export const CLOSED: State = { options: [], active: null };

export const LEAST_LETTERS = 2;

export function opened(options: readonly Locality[]): State {
  return { options, active: null };
}

/** The state after a key; null when the key is none of ours and the field must have it. */
export function afterKey(state: State, key: string): State | null {
  const { options, active } = state;
  if (options.length === 0) return null;
  const last = options.length - 1;
  switch (key) {
    case "ArrowDown":
      return { options, active: active === null || active === last ? 0 : active + 1 };
    case "ArrowUp":
      return { options, active: active === null || active === 0 ? last : active - 1 };
    case "Escape":
      return CLOSED;
    default:
      return null;
  }
}

const KINDS: Readonly<Record<string, string>> = {
  arrondissement: "arrondissement",
  "ancienne-commune": "ancienne commune",
  epci: "intercommunalité",
  departement: "département",
  region: "région",
};

/** What tells a locality from its namesakes; empty for a commune of today. */
export function kindOf(locality: Locality): string {
  return KINDS[locality.type] ?? "";
}

/** One sentence for screen readers. */
export function announced(count: number): string {
  if (count === 0) return "Aucune commune de ce nom.";
  return count === 1 ? "Une proposition." : `${count} propositions. Flèches pour choisir.`;
}
