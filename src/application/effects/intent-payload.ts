import type { Intent } from '../../domain/work-item/state.ts';

/** Payloads are written by this code; another shape is a fault of it, not a refusal. */
export const text = (payload: Intent['payload'], key: string): string => {
  const value = payload[key];
  if (typeof value !== 'string') throw new TypeError(`intent: ${key} is no text`);
  return value;
};

export const count = (payload: Intent['payload'], key: string): number => {
  const value = payload[key];
  if (typeof value !== 'number') throw new TypeError(`intent: ${key} is no number`);
  return value;
};

export const texts = (payload: Intent['payload'], key: string): readonly string[] => {
  const value = payload[key];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
};
