import picomatch from 'picomatch';
import type { PathPattern } from '../../domain/policy/rules.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';

const hasControl = (text: string) => /\p{Cc}/u.test(text);

/**
 * Compiles a glob over paths. Many stars in one segment make matching exponential (five against 200 characters took 21 s),
 * and a path with a newline slips past `**`; so both are refused.
 */
export function compileGlob(source: string): Result<PathPattern> {
  if (source === '' || source.length > 256)
    return refuse('glob.length', 'a path pattern has 1 to 256 characters');
  if (hasControl(source))
    return refuse('glob.control', 'a path pattern holds no control characters');
  if (/[!()[\]{}+@]/.test(source)) {
    return refuse('glob.syntax', `"${source}": only *, ** and ? are known in a path pattern`);
  }
  if (source.split('/').some((segment) => segment !== '**' && segment.split('*').length > 4)) {
    return refuse('glob.stars', `"${source}": at most three * between two slashes`);
  }
  const matches = picomatch(source, { dot: true, nonegate: true, strictSlashes: true });
  return ok({ source, test: (path) => !hasControl(path) && matches(path) });
}
