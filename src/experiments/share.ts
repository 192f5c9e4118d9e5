import { type Experiment, ExperimentError, isExperiment, readExperiment } from './experiment.ts';

/** Characters that a link may have, and the text that it may unfold to: far more than anyone builds by hand. */
const LONGEST_LINK = 16_000;
const LONGEST_TEXT = 200_000;

/**
 * An experiment as a part of an address: its JSON, deflated, in the letters of base64url. It carries no data. Null where no link can
 * carry it: it is larger than `decodeExperiment` takes, or not complete yet.
 */
export async function encodeExperiment(experiment: Experiment): Promise<string | null> {
  const bytes = new TextEncoder().encode(JSON.stringify(experiment));
  if (bytes.length > LONGEST_TEXT || !isExperiment(experiment)) return null;
  const packed = await collect(new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  const link = btoa(String.fromCharCode(...packed))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
  return link.length > LONGEST_LINK ? null : link;
}

/** The contrary of `encodeExperiment`. @throws ExperimentError in words, whatever is wrong with the link */
export async function decodeExperiment(written: string): Promise<Experiment> {
  if (written.length > LONGEST_LINK) throw new ExperimentError('This link is too long to be one of the studio’s.');
  const packed = bytesOf(written);
  if (packed === null) throw new ExperimentError('This link is damaged: a part of it is missing or was changed.');
  return parseExperiment(new TextDecoder().decode(await inflated(packed)));
}

/** An experiment from its text. @throws ExperimentError */
export function parseExperiment(text: string): Experiment {
  if (text.length > LONGEST_TEXT) throw new ExperimentError(TOO_LONG);
  return readExperiment(json(text));
}

const TOO_LONG = 'This is too long to be an experiment.';

/** An experiment from a file; what data it is run on is for the command line. @throws ExperimentError */
export async function experimentIn(file: Blob): Promise<Experiment> {
  // A file of gigabytes is not even read.
  if (file.size > LONGEST_TEXT) throw new ExperimentError(TOO_LONG);
  const written = json(await file.text());
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return readExperiment(written);
  const { data: _data, ...experiment } = written as Record<string, unknown>;
  return readExperiment(experiment);
}

function json(text: string): unknown {
  try {
    // What would replace an object's prototype is no key of anything here.
    return JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new ExperimentError('This is no experiment: “__proto__” is no key of one.');
      return value;
    });
  } catch (error) {
    if (error instanceof ExperimentError) throw error;
    throw new ExperimentError('This is no experiment: it is not written as JSON.');
  }
}

/** Null where there are other characters than base64url's. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]*$/.test(text) || text.length % 4 === 1) return null;
  const letters = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
}

async function inflated(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return await collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')), LONGEST_TEXT);
  } catch (error) {
    if (error instanceof ExperimentError) throw error;
    throw new ExperimentError('This link is damaged: a part of it is missing or was changed.');
  }
}

/** All bytes of a stream, but no more than so many: a few bytes can unfold to a full memory. @throws ExperimentError */
async function collect(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new ExperimentError('This link unfolds to more than any experiment is.');
    }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
