/** Stands in arguments and environment for the port that the forwarder listens on. */
export const portMark = '{assent-port}';

/**
 * Runs inside the sandbox, before the program, as `node -e`: most programs can be told an address and no socket. Listens on the
 * sandbox's own loopback, leads each connection to the socket, and ends as the program ends. A text, because nothing of Assent
 * is to be seen in there.
 */
export const forwarder = `
const net = require('node:net');
const { spawn } = require('node:child_process');
const socket = process.env.ASSENT_MODEL_SOCKET;
const server = net.createServer((client) => {
  const service = net.connect(socket);
  const end = () => { client.destroy(); service.destroy(); };
  client.on('error', end);
  service.on('error', end);
  client.pipe(service).pipe(client);
});
server.on('error', (error) => { console.error(error.message); process.exit(126); });
server.listen(0, '127.0.0.1', () => {
  const port = String(server.address().port);
  const here = (text) => text.replaceAll('${portMark}', port);
  const [program, ...args] = process.argv.slice(1).map(here);
  const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, here(value)]));
  const child = spawn(program, args, { stdio: 'inherit', env });
  child.on('error', (error) => { console.error(error.message); process.exit(127); });
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 128));
});
`;
