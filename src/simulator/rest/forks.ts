import { readMetadata, writeAdministration } from '../access.ts';
import { invalidField } from '../errors.ts';
import { createFork, deleteFork } from '../operations/forks.ts';
import type { Access } from '../permissions.ts';
import { canSee } from '../permissions.ts';
import { fullRepository, repository as shownRepository } from '../representations/repository.ts';
import { forksOf } from '../world.ts';
import { doer, inRepository, noContent, page } from './request.ts';
import type { Route } from './request.ts';

/** Whoever may read may fork; an App would need to administrate, and the cast's Apps do not. */
const fork: Access = { app: [['administration', 'write']], role: 'read' };

const list = inRepository('GET', '/forks', readMetadata, (request) => {
  const { world, repository, actor } = request;
  const oldest = request.query.get('sort') === 'oldest';
  const found = forksOf(world, repository).filter((one) => canSee(one, actor));
  return page(request, oldest ? found : found.toReversed(), (one) => shownRepository(world, one));
});

/** GitHub copies in the background and says 202; here the copy is whole by then. */
const create = inRepository('POST', '/forks', fork, async (request) => {
  const { world, repository, body } = request;
  if (body.has('organization')) {
    throw invalidField(
      'Repository',
      'organization',
      'invalid',
      'This simulator forks into personal accounts only.',
    );
  }
  const by = doer(request);
  const made = await world.exclusive(repository, () =>
    createFork(world, repository, by, {
      name: body.optionalText('name') ?? null,
      defaultBranchOnly: body.flag('default_branch_only') ?? false,
    }),
  );
  return { status: 202, body: fullRepository(world, made, by.account) };
});

const remove = inRepository('DELETE', '', writeAdministration, async (request) => {
  const { world, repository } = request;
  await world.exclusive(repository, () => deleteFork(world, repository, doer(request)));
  return noContent;
});

export const forkRoutes: readonly Route[] = [list, create, remove];
