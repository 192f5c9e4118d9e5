/** “version 2”; what is no number is not quoted: it may be anything. */
export const versionWords = (version: unknown): string =>
  (typeof version === 'number' || typeof version === 'string') && /^\d{1,9}$/.test(String(version))
    ? `version ${version}`
    : 'a version that is no number';
