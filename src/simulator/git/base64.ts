/** Null for what is no base64: Node would silently drop the rest. Line breaks are allowed, as GitHub allows them. */
export function decodeBase64(text: string): Buffer | null {
  const joined = text.replace(/\s/g, '');
  return /^[A-Za-z0-9+/]*={0,2}$/.test(joined) ? Buffer.from(joined, 'base64') : null;
}
