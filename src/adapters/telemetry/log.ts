import { pino, type DestinationStream, type Logger } from 'pino';
import { createRedactor } from './redact.ts';

/** What could carry a credential by name; wherever else one stands, the whole line is looked through. */
const secretPaths = [
  'authorization',
  'token',
  'password',
  'secret',
  'private_key',
  'headers.authorization',
  'request.headers.authorization',
  'err.request.headers.authorization',
  'err.response.headers',
];

/** JSON lines on standard error: standard output belongs to a command's result. `secrets`: values that no line may hold. */
export const createLog = (
  level: string,
  secrets: readonly string[] = [],
  destination: DestinationStream = pino.destination(2),
): Logger => {
  const redacted = createRedactor(secrets);
  return pino(
    {
      name: 'assent',
      level,
      redact: { paths: secretPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => destination.write(redacted(line)) },
  );
};
