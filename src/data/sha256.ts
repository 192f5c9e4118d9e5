/** Fractional parts of cube roots (constants) and square roots (initial state) of the first primes. */
const [CONSTANTS, INITIAL] = [
  [3, 64],
  [2, 8],
].map(([root, count]) => {
  const words: number[] = [];
  for (let n = 2; words.length < count; n++) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
    if (isPrime) words.push(fraction(BigInt(n), BigInt(root)));
  }
  return Int32Array.from(words);
});

/** The first 32 bits of the fractional part of a root of n: of ⌊(n · 2^(32 · root))^(1 / root)⌋ the lowest 32. */
function fraction(n: bigint, root: bigint): number {
  const power = n << (32n * root);
  let [low, high] = [0n, 1n << 40n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** root <= power) low = middle;
    else high = middle;
  }
  return Number(BigInt.asIntN(32, low));
}

/** SHA-256 (FIPS 180-4) of bytes that come in parts, which the browser's own does not take. */
export class Sha256 {
  private readonly state = INITIAL.slice();
  private readonly schedule = new Int32Array(64);
  private readonly rest = new Uint8Array(64);
  private filled = 0;
  private length = 0;

  add(bytes: Uint8Array): void {
    this.length += bytes.length;
    let at = 0;
    if (this.filled > 0) {
      at = Math.min(bytes.length, 64 - this.filled);
      this.rest.set(bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return;
      this.block(this.rest, 0);
      this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.rest.set(bytes.subarray(at));
    this.filled = bytes.length - at;
  }

  /** Of everything added. Nothing can be added after. */
  digest(): Uint8Array {
    const { length } = this;
    const end = new Uint8Array(((this.filled + 8) >> 6) * 64 + 64 - this.filled);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(length / 2 ** 29));
    view.setUint32(end.length - 4, length * 8);
    this.add(end);
    const digest = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, i) => {
      digest.setInt32(4 * i, word);
    });
    return new Uint8Array(digest.buffer);
  }

  private block(bytes: Uint8Array, from: number): void {
    const { state, schedule: w } = this;
    for (let t = 0, i = from; t < 16; t++, i += 4) {
      w[t] = (bytes[i] << 24) | (bytes[i + 1] << 16) | (bytes[i + 2] << 8) | bytes[i + 3];
    }
    for (let t = 16; t < 64; t++) {
      const [x, y] = [w[t - 15], w[t - 2]];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + CONSTANTS[t] + w[t]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => {
      state[i] += word;
    });
  }
}
