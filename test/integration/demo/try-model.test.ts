import { describe, expect, it } from 'vitest';
import { isLoopback, modelOfTry } from '../../../src/entrypoints/cli/demo/try/model.ts';

describe('whether a model is on this machine', () => {
  it.each([
    ['http://127.0.0.1:11434/v1', true],
    ['http://127.1:11434/v1', true],
    ['http://localhost:8080', true],
    ['http://[::1]:8080/v1', true],
    ['https://api.openai.com/v1', false],
    ['http://localhost.example.org/v1', false],
    ['http://127.0.0.1.example.org/v1', false],
    ['http://127.0.0.1@example.org/v1', false],
    ['http://0.0.0.0:11434/v1', false],
    ['http://192.168.1.5:11434/v1', false],
    ['localhost:11434', false],
    ['', false],
  ])('%s: %s', (url, here) => {
    expect(isLoopback(url)).toBe(here);
  });
});

describe('the model that try asks', () => {
  it.each([
    ['none is named', {}, false, 'none'],
    ['a key alone, which means a service elsewhere', { OPENAI_API_KEY: 'k' }, false, 'none'],
    ['one on this machine', { OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, false, 'live'],
    ['one elsewhere', { OPENAI_BASE_URL: 'https://models.invalid/v1' }, false, 'none'],
    ['one elsewhere, expressly', { OPENAI_BASE_URL: 'https://models.invalid/v1' }, true, 'live'],
    ['leave to ask one elsewhere, and none named', {}, true, 'none'],
  ])('%s', (_, environment, allowed, kind) => {
    expect(modelOfTry(environment, allowed).said.kind).toBe(kind);
  });
});
