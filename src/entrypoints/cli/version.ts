import manifest from '../../../package.json' with { type: 'json' };

/** As published. */
export const packageVersion: string = manifest.version;
