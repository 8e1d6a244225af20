/** One place as `/lieux/{id}.json` tells it, and what the panel says of it. */

export interface Place {
  readonly id: string;
  readonly nom: string;
  readonly adresse: string | null;
  readonly code_postal: string | null;
  readonly commune: string | null;
  readonly telephone: string | null;
  readonly frais_a_charge: readonly string[];
  readonly services: readonly string[];
  /** When a mediator is there, in French. */
  readonly presence: string | null;
  readonly ouverture: { readonly etat: "open" | "closed" | "unknown"; readonly phrase: string };
}

const NBSP = "\u00a0";

export function addressOf(place: Place): string {
  const town = [place.code_postal, place.commune].filter(Boolean).join(" ");
  return [place.adresse, town].filter(Boolean).join(", ") || "Adresse non connue";
}

/** «06 39 98 12 34»; other countries' numbers stay as they are. */
export function phoneWords(e164: string): string {
  const local = /^\+(?:33|262|590|594|596)(\d{9})$/.exec(e164);
  if (!local) return e164;
  return (`0${local[1]}`.match(/\d{2}/g) ?? []).join(NBSP);
}

/** The exact strings of the national schema, with the apostrophe that people read. */
export function inFrench(label: string): string {
  return label.replaceAll("'", "’");
}
