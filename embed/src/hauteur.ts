/** Runs on the page around our frames: each takes the height of its content. Kept under 0.3 KiB. */

const home = new URL((document.currentScript as HTMLScriptElement).src).origin;
const ours = (): Iterable<HTMLIFrameElement> =>
  document.querySelectorAll<HTMLIFrameElement>(`iframe[src^="${home}/embed"]`);

addEventListener("message", ({ data, source }) => {
  if (data?.type !== "carte-mediation:hauteur") return;
  for (const frame of ours()) {
    if (frame.contentWindow !== source) continue;
    frame.style.height = `${Math.min(+data.hauteur, 2e4)}px`;
    // another page in the frame: seen from its top
    if (data.suite && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  }
});
for (const frame of ours()) frame.contentWindow?.postMessage("carte-mediation:hauteur?", "*");

export {};
