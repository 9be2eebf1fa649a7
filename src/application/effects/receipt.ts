/** What an act left behind: ids GitHub gave, and what was written where. */
export type Receipt = Readonly<Record<string, unknown>>;
