import { z } from 'zod';
import type { InstallationStimulus, Stimulus } from '../../application/intake/stimulus.ts';
import { byAction, unanswered, type Body, type Envelope } from './webhook-reading.ts';
import { account, belongsTo, named } from './webhook-schemas.ts';

const installationKinds: Readonly<Record<string, InstallationStimulus['kind']>> = {
  created: 'installation.created',
  deleted: 'installation.deleted',
  suspend: 'installation.suspended',
  unsuspend: 'installation.unsuspended',
  new_permissions_accepted: 'installation.permissions_accepted',
};

const installationEvent = z.object({
  action: z.string(),
  installation: z.object({ id: z.int().positive() }),
  sender: account.nullish(),
});

export function readInstallation(body: Body, received: Envelope): Stimulus {
  const read = installationEvent
    .extend({
      repositories: z.array(named).nullish(),
      repositories_added: belongsTo('installation_repositories'),
      // Most events of an App carry their installation; these belong to no repository.
      repository: belongsTo('an event of a repository'),
    })
    .parse(body);
  const kind = byAction(installationKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return installationStimulus(received, kind, read, read.repositories ?? []);
}

export function readInstallationRepositories(body: Body, received: Envelope): Stimulus {
  const read = installationEvent
    .extend({ repositories_added: z.array(named), repositories_removed: z.array(named) })
    .parse(body);
  switch (read.action) {
    case 'added':
      return installationStimulus(
        received,
        'installation.repositories_added',
        read,
        read.repositories_added,
      );
    case 'removed':
      return installationStimulus(
        received,
        'installation.repositories_removed',
        read,
        read.repositories_removed,
      );
    default:
      return unanswered(received, body, read.action);
  }
}

const installationStimulus = (
  received: Envelope,
  kind: InstallationStimulus['kind'],
  read: z.infer<typeof installationEvent>,
  repositories: InstallationStimulus['repositories'],
): InstallationStimulus => ({
  kind,
  delivery: received.delivery,
  at: received.at,
  installation: read.installation.id,
  repository: null,
  sender: read.sender ?? null,
  repositories,
});
