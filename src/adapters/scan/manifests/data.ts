/** Reading what strangers' files hold: anything may be anything, and what is not as expected is not there. */
export type Data = Readonly<Record<string, unknown>>;

export const dataOf = (value: unknown): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
