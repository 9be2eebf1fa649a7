#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from '../src/cli.js';

const { output, error, exitCode } = main(process.argv.slice(2), () => readFileSync(0, 'utf8'));
if (output !== '') process.stdout.write(`${output}\n`);
if (error !== '') process.stderr.write(`${error}\n`);
process.exitCode = exitCode;
