import type { Account, RepositoryRef } from '../../ports/code-host.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { PersonCheck } from '../../ports/person-check.ts';
import { endOf, leavePersonAct } from '../intake/person-act.ts';
import type { SwitchEnd, SwitchVerb } from '../intake/switch.ts';
import type { Deps } from '../repository.ts';
import { createDashboard, type DashboardParts, type ShownRepository } from '../views/dashboard.ts';
import type { ItemPage, ReportPage, RepositoryView } from '../views/views.ts';
import { Brief, createIdentify, type Identify } from './identify.ts';

export interface DeskParts extends Pick<DashboardParts, 'web'> {
  readonly people: PersonCheck;
  readonly service: {
    shown(): Promise<readonly ShownRepository[]>;
    /** As it stands on the branch now, whoever wrote last. */
    look(fullName: string): Promise<ShownRepository | null>;
    wake(ref: RepositoryRef): Promise<void>;
    judge(fullName: string, item: string): Promise<void>;
  };
  readonly inbox: Inbox;
  readonly deps: Pick<Deps, 'inbox' | 'newId' | 'now' | 'sha256'>;
  readonly pause: (ms: number) => Promise<unknown>;
}

/** How an act ended; `accepted`: it is recorded, and nobody has answered yet. */
export interface ActEnd {
  readonly end: SwitchEnd | 'accepted' | 'busy';
  readonly text: string;
  /** As it stands after it. */
  readonly repository: RepositoryView;
}

/** What a person who is signed in by GitHub's word may see and do. What they may not see is not there. */
export interface Desk {
  readonly identify: Identify;
  repositories(person: Account): Promise<readonly RepositoryView[]>;
  repository(person: Account, fullName: string): Promise<RepositoryView | null>;
  item(person: Account, fullName: string, id: string): Promise<ItemPage | 'no_repository' | null>;
  report(person: Account, fullName: string): Promise<ReportPage | null>;
  act(
    person: Account,
    fullName: string,
    given: { readonly verb: SwitchVerb; readonly rest: string },
  ): Promise<ActEnd | null>;
}

/** Somebody waits at the other end; a wake-up that takes longer than this ends without them. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 25;
const ACTS_A_MINUTE = 20;

export function createDesk(parts: DeskParts): Desk {
  const { service, deps, people } = parts;
  const clock = () => Date.parse(deps.now());
  const permissions = new Brief<boolean>(clock);
  const acts = new Map<number, number[]>();

  /** Asked of GitHub as the App: what a token is good for says nothing about what its bearer may see here. */
  const mayRead = (person: Account, { repository: { host, ref } }: ShownRepository) =>
    permissions.get(`${ref.id}/${person.id}/${person.login}`, async () => {
      const found = await host.permission(person.login);
      return found !== null && found.account.id === person.id && found.permission !== 'none';
    });

  const visible = async (person: Account, fullName: string): Promise<ShownRepository | null> => {
    const shown = await service.look(fullName);
    return shown !== null && (await mayRead(person, shown)) ? shown : null;
  };

  const viewOf = async (shown: ShownRepository): Promise<RepositoryView | null> => {
    const { repositories } = await dashboardOf(parts, [shown]).overview();
    return repositories[0] ?? null;
  };

  const isBusy = ({ id }: Account): boolean => {
    const since = clock() - 60_000;
    const recent = (acts.get(id) ?? []).filter((at) => at > since);
    if (recent.length < ACTS_A_MINUTE) recent.push(clock());
    else return true;
    acts.set(id, recent);
    if (acts.size > 1_000) acts.delete(acts.keys().next().value ?? id);
    return false;
  };

  return {
    identify: createIdentify(people, deps),
    async repositories(person) {
      const shown = await service.shown();
      const seen = await Promise.all(shown.map((one) => mayRead(person, one)));
      const views = await Promise.all(shown.filter((_, index) => seen[index]).map(viewOf));
      return views.filter((view) => view !== null);
    },
    async repository(person, fullName) {
      const shown = await visible(person, fullName);
      return shown === null ? null : viewOf(shown);
    },
    async item(person, fullName, id) {
      const shown = await visible(person, fullName);
      if (shown === null) return 'no_repository';
      const { full_name } = shown.repository.ref;
      await service.judge(full_name, id);
      return dashboardOf(parts, [shown]).item(full_name, id);
    },
    async report(person, fullName) {
      const shown = await visible(person, fullName);
      return shown === null
        ? null
        : dashboardOf(parts, [shown]).report(shown.repository.ref.full_name);
    },
    async act(person, fullName, given) {
      const shown = await visible(person, fullName);
      if (shown === null) return null;
      const { ref } = shown.repository;
      const ended = isBusy(person)
        ? {
            end: 'busy' as const,
            text: `more than ${ACTS_A_MINUTE} acts in a minute: wait a little`,
          }
        : await carry(parts, ref, { ...given, person });
      const repository = await viewOf((await service.look(ref.full_name)) ?? shown);
      return repository === null ? null : { ...ended, repository };
    },
  };
}

const dashboardOf = ({ inbox, deps, web }: DeskParts, shown: readonly ShownRepository[]) =>
  createDashboard({ repositories: async () => shown, inbox, now: deps.now, web });

/** Into the inbox first, where the wake-up that runs now looks before its next effect; then somebody is woken to judge it. */
async function carry(
  { inbox, service, deps, pause }: DeskParts,
  ref: RepositoryRef,
  given: Parameters<typeof leavePersonAct>[2],
): Promise<Pick<ActEnd, 'end' | 'text'>> {
  const id = await leavePersonAct(deps, ref, given);
  await service.wake(ref);
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
    const found = await inbox.find(id);
    if (found?.outcome != null) return endOf(found.reason ?? '');
    await pause(LOOK_MS);
  }
  return { end: 'accepted', text: 'recorded; the repository is busy and answers later' };
}
