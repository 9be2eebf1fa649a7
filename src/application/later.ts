/** So many milliseconds after an ISO time, as an ISO time. */
export const later = (at: string, ms: number): string =>
  new Date(Date.parse(at) + ms).toISOString();
