export interface LanguageFile {
  readonly language: string;
  readonly type: 'programming' | 'markup' | 'data' | 'prose';
  readonly bytes: number;
  /** Somebody else's, written by a program, or documentation: no measure of what people write here. */
  readonly counted: boolean;
}

export interface LanguageShare {
  readonly language: string;
  readonly type: LanguageFile['type'];
  readonly files: number;
  readonly bytes: number;
  /** Of the bytes of programming and markup, 0 to 1; null for data and prose, which are no part of it. */
  readonly share: number | null;
}

/** Largest first. */
export function summariseLanguages(files: readonly LanguageFile[]): readonly LanguageShare[] {
  const sums = new Map<string, { type: LanguageFile['type']; files: number; bytes: number }>();
  for (const { language, type, bytes, counted } of files) {
    if (!counted) continue;
    const sum = sums.get(language) ?? { type, files: 0, bytes: 0 };
    sum.files += 1;
    sum.bytes += bytes;
    sums.set(language, sum);
  }
  const written = [...sums.values()]
    .filter(({ type }) => isWritten(type))
    .reduce((total, { bytes }) => total + bytes, 0);
  return [...sums]
    .map(([language, sum]) => ({
      language,
      ...sum,
      share: isWritten(sum.type) ? (written === 0 ? 0 : sum.bytes / written) : null,
    }))
    .toSorted((a, b) => b.bytes - a.bytes || a.language.localeCompare(b.language));
}

const isWritten = (type: LanguageFile['type']): boolean =>
  type === 'programming' || type === 'markup';
