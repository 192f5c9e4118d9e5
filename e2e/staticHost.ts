import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};
const SUB_PATH = '/some/where/';

export interface StaticHost {
  readonly url: string;
  /** Serves another folder from now on. */
  readonly serve: (folder: string) => void;
  /** After it nothing is answered any more. */
  readonly stop: () => void;
}

/** A host of static files below a path, such as anybody may have. */
export async function startHost(first: string, headers: Readonly<Record<string, string>> = {}): Promise<StaticHost> {
  let folder = first;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const file = join(folder, normalize(path.slice(SUB_PATH.length) || 'index.html'));
    if (!path.startsWith(SUB_PATH) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', ...headers });
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${SUB_PATH}`,
    serve: (other) => {
      folder = other;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
