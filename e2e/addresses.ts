/** Where the end-to-end tests serve the built studio, and the page that computes golden cases. */
export const STUDIO_URL = 'http://127.0.0.1:4317';
export const GOLDEN_URL = 'http://127.0.0.1:4318';
