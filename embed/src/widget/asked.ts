/** What the element asks, and the addresses of its own pages among others. No DOM here. */

export const LIST = "/embed";
/** Attributes that are HTML's own, or the element's alone. */
const OTHERS = new Set(
  "id class style slot hidden dir role tabindex part title permalien".split(" "),
);
/** Parameters that may be given several times: separated by spaces or commas. */
const MANY =
  /^(territoire|services|publics|prise_en_charge|frais|dispositifs|labels|modalites_\w+|itinerance|typologies|equipements|source|lieux|filtres)$/;

/** The parameters of `/embed` that these attributes say. */
export function questionOf(
  attributes: Iterable<readonly [name: string, value: string]>,
): URLSearchParams {
  const asked = new URLSearchParams();
  for (const [name, value] of attributes) {
    if (OTHERS.has(name) || /^(on|aria-|data-)/.test(name)) continue;
    const values = MANY.test(name) ? value.split(/[\s,]+/) : [value];
    for (const one of values) if (one !== "") asked.append(name, one);
  }
  return asked;
}

export function listPath(asked: URLSearchParams): string {
  return asked.size ? `${LIST}?${asked}` : LIST;
}

/** The path of the list or of a place that a link leads to; null when it leads elsewhere. */
export function inside(href: string, service: string): string | null {
  const url = URL.parse(href, service + LIST);
  if (url?.origin !== service || !/^\/embed(\/lieux\/[^/]+)?$/.test(url.pathname)) return null;
  return url.pathname + url.search;
}

/** The same question, some parameters replaced, or left out with null; its first page. */
export function changed(
  search: string,
  changes: Readonly<Record<string, string | readonly string[] | null>>,
): URLSearchParams {
  const asked = new URLSearchParams(search);
  asked.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    asked.delete(name);
    for (const one of value === null ? [] : [value].flat()) asked.append(name, one);
  }
  return asked;
}

/** What the address of the host page keeps under our key, if it is one of our paths. */
export function readHash(hash: string, key: string, service: string): string | null {
  const kept = new URLSearchParams(hash.replace(/^#/, "")).get(key);
  return kept === null ? null : inside(service + LIST + kept, service);
}

/** The hash with our path in it. What other scripts keep there stays as it is. */
export function writeHash(hash: string, key: string, path: string): string {
  const ours = `${encodeURIComponent(key)}=`;
  const others = hash.replace(/^#/, "").split("&");
  const kept = others.filter((one) => one !== "" && !one.startsWith(ours));
  return `#${[...kept, ours + encodeURIComponent(path.slice(LIST.length))].join("&")}`;
}
