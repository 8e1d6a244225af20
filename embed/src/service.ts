/** Where the service is. Pages of other sites run this too: what is asked is asked here, not there. */
export const SERVICE = new URL(import.meta.url).origin;
