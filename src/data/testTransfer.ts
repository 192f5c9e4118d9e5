/**
 * For all tests: buffers can be given back as in a browser, where they are empty afterwards. Node 20 cannot do so by itself, and what
 * reads an array too late would go unseen.
 */
function transfer(this: ArrayBuffer, length: number): ArrayBuffer {
  structuredClone(this, { transfer: [this] });
  return new ArrayBuffer(length);
}

if (!('transfer' in ArrayBuffer.prototype))
  Object.defineProperty(ArrayBuffer.prototype, 'transfer', { value: transfer, configurable: true, writable: true });
