import { describe, expect, it } from 'vitest';
import { copying, owning } from '../../../src/domain/work-item/growth.ts';

describe('what a state takes in', () => {
  it.each(['issue:1', '__proto__', 'constructor', 'toString'])(
    'is the same, copied or owned, under the key %j',
    (key) => {
      const [copied, owned] = [copying, owning].map((growth) =>
        growth.put(growth.put(JSON.parse('{"issue:0":0}'), key, 1), key, 2),
      );
      expect(Object.entries(owned ?? {})).toEqual(Object.entries(copied ?? {}));
      expect(Object.getPrototypeOf(owned)).toBe(Object.prototype);
      const [copiedLess, ownedLess] = [copying, owning].map((growth, at) =>
        growth.drop((at === 0 ? copied : owned) ?? {}, key),
      );
      expect(Object.entries(ownedLess ?? {})).toEqual([['issue:0', 0]]);
      expect(Object.entries(copiedLess ?? {})).toEqual([['issue:0', 0]]);
    },
  );
});
