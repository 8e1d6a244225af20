/** A page of the service, made to stand under a shadow root: its links, its names, its parts. */

import { element } from "../dom.ts";
import { SERVICE } from "../service.ts";
import { LIST } from "./asked.ts";

/** What host pages may style, with `::part(…)`. */
const PARTS: Readonly<Record<string, string>> = {
  titre: ".title",
  filtres: ".search",
  bouton: "button, .button",
  resultats: "#resultats",
  lieu: ".place",
  detail: ".detail",
  carte: "#carte",
  mention: ".credit",
};
const PATIENCE_MS = 15_000;
const SILENT = "Les lieux ne peuvent pas être affichés pour le moment.";

export class Failure extends Error {
  /** 0 when nothing came back. */
  readonly status: number;

  constructor(status: number, message = SILENT) {
    super(message);
    this.status = status;
  }
}

export interface Page {
  readonly status: number;
  readonly box: HTMLElement;
  /** The chosen colours, as a style sheet; empty when none is chosen. */
  readonly style: string;
}

/**
 * XMLHttpRequest, because it hands over a document: pages with Trusted Types refuse markup that
 * comes as a string. Raises Failure when there is no answer, or not one of ours.
 */
export function askPage(path: string, signal: AbortSignal): Promise<Page> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", SERVICE + path);
    request.responseType = "document";
    request.timeout = PATIENCE_MS;
    signal.addEventListener("abort", () => request.abort());
    request.onerror = request.ontimeout = request.onabort = () => reject(new Failure(0));
    request.onload = () => {
      const body = request.responseXML?.querySelector<HTMLElement>("body.cm");
      const box = body && boxOf(body, path);
      if (box) resolve({ status: request.status, box, style: body.dataset.style ?? "" });
      else reject(new Failure(request.status));
    };
    request.send();
  });
}

function boxOf(body: HTMLElement, path: string): HTMLElement | null {
  const main = body.querySelector("main");
  const credit = body.querySelector(".credit");
  if (!main || !credit) return null;
  const box = element("section", { class: "cm", lang: "fr", dir: "ltr" });
  box.append(...main.childNodes, credit);
  standHere(box, path);
  return box;
}

function standHere(box: HTMLElement, path: string): void {
  for (const link of box.querySelectorAll("a[href]")) {
    const href = link.getAttribute("href") ?? "";
    if (!href.startsWith("#")) link.setAttribute("href", new URL(href, SERVICE + LIST).href);
  }
  for (const form of box.querySelectorAll("form")) form.action = SERVICE + LIST;
  const map = box.querySelector<HTMLElement>("#carte");
  if (map) {
    if (map.dataset.css) map.dataset.css = SERVICE + map.dataset.css;
    map.dataset.list = SERVICE + LIST;
    map.dataset.search = path.slice(LIST.length);
  }
  for (const [part, selector] of Object.entries(PARTS)) {
    for (const one of box.querySelectorAll(selector)) one.part.add(part);
  }
  nameLandmarks(box);
}

/** The host page has its own first title; and several lists may stand on it. */
function nameLandmarks(box: HTMLElement): void {
  for (const heading of box.querySelectorAll("h1, h2, h3")) {
    heading.ariaLevel = String(Number(heading.localName[1]) + 1);
  }
  const title = box.querySelector("h1");
  if (!title) return;
  title.id ||= "titre";
  title.tabIndex = -1;
  box.setAttribute("aria-labelledby", title.id);
  for (const one of box.querySelectorAll("section[aria-labelledby]")) {
    one.setAttribute("aria-labelledby", `${one.getAttribute("aria-labelledby")} ${title.id}`);
  }
  for (const one of box.querySelectorAll(":is(form, nav)[aria-label]")) {
    one.ariaLabel = `${one.ariaLabel} : ${title.textContent}`;
  }
}
