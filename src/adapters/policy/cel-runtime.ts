import { celEnv } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { RE2JS } from '@bufbuild/re2';

const patterns = new Map<string, RE2JS>();

/** The evaluator compiles a pattern at each evaluation unless it is given a memo. Patterns come from policies, so they are few. */
export const re2 = {
  compile(pattern: string): RE2JS {
    const known = patterns.get(pattern);
    if (known !== undefined) return known;
    const compiled = RE2JS.compile(pattern);
    if (patterns.size >= 1000) patterns.clear();
    patterns.set(pattern, compiled);
    return compiled;
  },
};

export const environment = celEnv({ funcs: strings, re2 });
