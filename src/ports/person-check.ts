import type { Account } from './code-host.ts';

/** Who somebody is, by the code host's word. */
export interface PersonCheck {
  /**
   * The account a token belongs to; null: the code host knows no such token, or it is no account's (an App's, an expired one).
   * What cannot be asked now is thrown. The token goes into that one question and nowhere else.
   */
  whoIs(token: string): Promise<Account | null>;
}
