import { pino, type Logger } from 'pino';

/** What could carry a credential by name. Values without a telling name are kept out where they arise. */
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

/** JSON lines on standard error: standard output belongs to a command's result. */
export const createLog = (level: string, destination = pino.destination(2)): Logger =>
  pino(
    {
      name: 'assent',
      level,
      redact: { paths: secretPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
