/** Forms work as they are; here they only leave out of the address what says nothing. */

export function tidyForms(page: ParentNode): void {
  for (const form of page.querySelectorAll<HTMLFormElement>('form[role="search"]')) {
    form.addEventListener("formdata", ({ formData }) => tidy(formData));
    chooseOneMoment(form);
  }
  // a form that was sent and comes back with «Précédent» keeps its fields as they were
}

/** Takes away empty fields, and the distance when there is nowhere to count it from. */
export function tidy(data: FormData): void {
  const filled = [...data.entries()].filter(([, value]) => value !== "");
  const names = new Set(filled.map(([name]) => name));
  const centred = names.has("ou") || names.has("lon");
  for (const name of new Set(data.keys())) data.delete(name);
  for (const [name, value] of filled) {
    if (name !== "rayon" || centred) data.append(name, value);
  }
  // a commune was typed: the position that came before it is no longer asked for
  if (names.has("ou")) {
    data.delete("lon");
    data.delete("lat");
  }
}

/** The list of moments and the exact moment write the same parameter: the last one touched speaks. */
function chooseOneMoment(form: HTMLFormElement): void {
  const fields = form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name="ouvert"]');
  for (const field of fields) {
    field.addEventListener("change", () => {
      if (field.value === "") return;
      for (const other of fields) if (other !== field) other.value = "";
    });
  }
}
