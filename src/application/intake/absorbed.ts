export interface Absorbed {
  readonly outcome: 'handled' | 'ignored';
  readonly reason: string;
}

export const handled = (reason: string): Absorbed => ({ outcome: 'handled', reason });
export const ignored = (reason: string): Absorbed => ({ outcome: 'ignored', reason });
