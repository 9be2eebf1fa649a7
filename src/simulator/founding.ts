import type { CreateRepositoryInput, Person, SimulatorRepository } from './face.ts';
import type { Account, AppRecord, RepositoryRecord } from './model.ts';
import { installation } from './representations/app.ts';
import { repositoryStub } from './representations/repository.ts';
import { user } from './representations/user.ts';
import { makeGitRepository, newRecord, shownRepository } from './repositories.ts';
import type { World } from './world.ts';
import { roles, personNames } from './cast.ts';

export async function createRepository(
  world: World,
  people: Readonly<Record<Person, Account>>,
  input: CreateRepositoryInput,
): Promise<SimulatorRepository> {
  if (world.repository(input.owner, input.name) !== undefined) {
    throw new RangeError(`${input.owner}/${input.name} exists already.`);
  }
  const { git, defaultBranch } = await makeGitRepository(world, input);
  const owner = world.account(input.owner) ?? addOrganization(world, people, input.owner);
  const record = newRecord(world, {
    owner,
    name: input.name,
    private: input.private ?? false,
    description: input.description ?? null,
    defaultBranch,
    git,
    parent: null,
    roles: new Map(personNames.map((name) => [people[name].id, roles[name]])),
  });
  world.repositories.push(record);
  for (const app of world.apps) install(world, app, record, people.owner);
  return shownRepository(world, record);
}

function addOrganization(
  world: World,
  people: Readonly<Record<Person, Account>>,
  login: string,
): Account {
  const account: Account = { id: world.id(), login, name: login, type: 'Organization' };
  world.accounts.push(account);
  world.members.set(
    account.id,
    new Map([
      [people.owner.id, 'admin' as const],
      [people.maintainer.id, 'member' as const],
      [people.writer.id, 'member' as const],
      [people.triager.id, 'member' as const],
    ]),
  );
  world.teams.push({
    id: world.id(),
    organization: login,
    slug: 'core',
    name: 'core',
    parent: null,
    members: new Map([
      [people.owner.id, 'maintainer' as const],
      [people.maintainer.id, 'member' as const],
    ]),
  });
  return account;
}

/** The first repository makes the installation, the next ones join it. */
function install(world: World, app: AppRecord, repository: RepositoryRecord, by: Account): void {
  const { installation: record } = app;
  const first = record.repositories.size === 0;
  if (first) record.account = repository.owner;
  record.repositories.add(repository.id);
  if (app.id !== world.webhooks.hook.appId || world.webhooks.unheard) return;
  const common = { installation: installation(world, app), sender: user(world, by) };
  const to = { installationId: record.id, repositoryId: repository.id };
  const stubs = [repositoryStub(repository)];
  if (first) {
    world.webhooks.emit('installation', to, {
      action: 'created',
      ...common,
      repositories: stubs,
      requester: null,
    });
    return;
  }
  world.webhooks.emit('installation_repositories', to, {
    action: 'added',
    ...common,
    repository_selection: 'selected',
    repositories_added: stubs,
    repositories_removed: [],
    requester: null,
  });
}
