/** `unknown`: it could not be looked at, which is no reason to believe it is well. */
export type FindingState = 'fine' | 'advice' | 'fault' | 'unknown';

/** Where it was found, in the order an operator sets things up. */
export const areas = [
  'environment',
  'machine',
  'sandbox',
  'database',
  'model',
  'app',
  'installation',
  'repository',
] as const;
export type Area = (typeof areas)[number];

/** One thing that was looked at. What is not fine has a remedy: what to do, and where. */
export interface Finding {
  readonly area: Area;
  /** What of it: a variable, a program, a permission, a branch. */
  readonly about: string;
  readonly state: FindingState;
  readonly message: string;
  readonly remedy: string | null;
}

export const fine = (area: Area, about: string, message: string): Finding => ({
  area,
  about,
  state: 'fine',
  message,
  remedy: null,
});

export const wrong = (
  area: Area,
  state: Exclude<FindingState, 'fine'>,
  about: string,
  message: string,
  remedy: string,
): Finding => ({ area, about, state, message, remedy });
