/** Tells the page around the frame how tall its content is: ours, and WordPress, listen. */

/** The page around asks for it, when its script came after our first word. */
const QUESTION = "carte-mediation:hauteur?";

export function tellHeight(): void {
  if (parent === window) return;
  // WordPress frames what it embeds with a secret, which it wants back
  const secret = /#\?secret=(\w+)/.exec(location.hash)?.[1];
  let suite = isFollowed();
  const tell = (): void => {
    const hauteur = Math.ceil(document.documentElement.getBoundingClientRect().height);
    parent.postMessage({ type: "carte-mediation:hauteur", hauteur, suite }, "*");
    suite = false;
    if (secret) parent.postMessage({ message: "height", value: hauteur, secret }, "*");
  };
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", ({ data }) => {
    if (data === QUESTION) tell();
  });
}

/** Whether a link or a form of ours led here: what is new starts at the top of the frame, perhaps out of sight. */
function isFollowed(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  const { type } = (navigation ?? {}) as { type?: string };
  return type === "navigate" && document.referrer.startsWith(location.origin);
}
