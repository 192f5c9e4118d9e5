import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

it('is what the platform makes of the same bytes, however they come', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });
  fc.assert(
    fc.property(parts, (given) => {
      const [own, platform] = [new Sha256(), createHash('sha256')];
      for (const part of given) {
        own.add(part);
        platform.update(part);
      }
      expect(Buffer.from(own.digest()).toString('hex')).toBe(platform.digest('hex'));
    }),
  );
});
