/** The place chosen on the map: a panel whose title takes the focus, closed by Escape. */

import { element } from "../dom.ts";
import { addressOf, inFrench, type Place, phoneWords } from "./place.ts";

export interface Panel {
  readonly element: HTMLElement;
  readonly show: (content: readonly Node[], title: string) => void;
  readonly close: () => void;
}

/** `onClose` gives the focus back to where it was. */
export function makePanel(container: HTMLElement, onClose: () => void): Panel {
  const title = element("h3", { tabindex: "-1", id: "fiche-titre" });
  const body = element("div");
  const closing = element("button", { type: "button" }, "Fermer");
  const panel = element("section", { class: "panel", "aria-labelledby": title.id });
  panel.append(title, closing, body);
  panel.hidden = true;
  container.append(panel);

  const close = (): void => {
    if (panel.hidden) return;
    panel.hidden = true;
    onClose();
  };
  closing.addEventListener("click", close);
  container.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });

  return {
    element: panel,
    close,
    show: (content, words) => {
      title.textContent = words;
      body.replaceChildren(...content);
      panel.hidden = false;
      panel.scrollTop = 0;
      title.focus({ preventScroll: true });
    },
  };
}

/** `whole` is the address of all that is known of the place. */
export function placeContent(place: Place, kind: string | null, whole: string): readonly Node[] {
  const said: Node[] = [];
  if (kind) said.push(element("p", { class: "kind" }, kind));
  said.push(element("p", {}, inFrench(addressOf(place))));
  if (place.telephone) {
    const phone = element("a", { class: "tel", href: `tel:${place.telephone}` });
    phone.textContent = phoneWords(place.telephone);
    said.push(element("p", {}, phone));
  }
  const price = place.frais_a_charge.map(inFrench).join(" ou ");
  said.push(element("p", {}, `Prix : ${price || "non connu"}`));
  if (place.services.length > 0) {
    const services = place.services.map((service) => element("li", {}, inFrench(service)));
    said.push(element("ul", {}, ...services));
  }
  said.push(
    element("p", { class: `now ${place.ouverture.etat}` }, inFrench(place.ouverture.phrase)),
  );
  if (place.presence) {
    said.push(element("p", {}, `Un médiateur est là : ${place.presence}`));
  }
  const link = element("a", { href: whole, "data-lieu": place.id }, "Voir la fiche complète");
  said.push(element("p", {}, link));
  return said;
}
