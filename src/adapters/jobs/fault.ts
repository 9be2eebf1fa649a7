/** The store of jobs and deliveries cannot do what it must. `place` is a folder or a host, never a URL with a password. */
export class JobStoreFault extends Error {
  override readonly name = 'JobStoreFault';
  readonly place: string;

  constructor(place: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.place = place;
  }
}

export const messageOf = (error: unknown): string => {
  // Several addresses tried: the message of the whole says nothing.
  const told = error instanceof AggregateError ? error.errors[0] : error;
  return told instanceof Error ? told.message : String(told);
};
