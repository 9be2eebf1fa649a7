import { notFound } from '../errors.ts';
import type { Account } from '../model.ts';
import { param } from './request.ts';
import type { RestRequest } from './request.ts';

/** The account a path names, or 404. */
export function accountOf(request: RestRequest, name: string): Account {
  const account = request.world.account(param(request, name));
  if (account === undefined) throw notFound();
  return account;
}
