import { makeZip } from 'client-zip';
import { describe, expect, it } from 'vitest';
import { jsonKind, resultsKind, WORKSPACE_MANIFEST } from './recognise.ts';
import { writeSafetensors } from './safetensors.ts';

const kindOf = (text: string) => resultsKind(new TextEncoder().encode(text), text.length);

describe('resultsKind', () => {
  it('knows JSON and tensors by their beginning', () => {
    expect(kindOf('\ufeff \n{"format":')).toBe('json');
    const bytes = writeSafetensors({ w: { shape: [200], values: new Float32Array(200) } }, { a: '{' });
    expect(resultsKind(bytes.subarray(0, 512), bytes.length)).toBe('safetensors');
    // Its header would end beyond the file.
    expect(resultsKind(bytes.subarray(0, 512), 20)).toBe(null);
  });

  it('leaves interactions to the import', () => {
    for (const text of ['', 'user,item\na,b\n', 'a,b,1,2\n', '1\t2\t{\n', '1234567{"a":1}', '[1]'])
      expect(kindOf(text)).toBe(null);
  });

  it('knows a workspace by its first file, and no other zip', async () => {
    const zip = async (name: string) => new Uint8Array(await new Response(makeZip([{ name, input: '{}' }])).arrayBuffer());
    const kindOfZip = async (name: string) => resultsKind(await zip(name), 1000);
    expect(await kindOfZip(WORKSPACE_MANIFEST)).toBe('workspace');
    expect(await kindOfZip(`a${WORKSPACE_MANIFEST}`)).toBe(null);
    expect(await kindOfZip('interactions.csv')).toBe(null);
  });

  it('leaves JSON Lines to the import, unless they are runs', () => {
    expect(kindOf('{"user":"u1","item":"i1"}\n{"user":"u2","item":"i2"}\n')).toBe(null);
    expect(kindOf('{"format":"uaf-studio run 1"}\n{"format":"uaf-studio run 1"}\n')).toBe('json');
    expect(kindOf('{"version":1,"methods":[],"seeds":[]}\n')).toBe('json');
    expect(kindOf('{\n  "version": 1\n}\n')).toBe('json');
  });

  it('knows what the command line writes beside its results', () => {
    for (const header of ['user,item,rank_sampled,rank_all', 'user,label,predicted', 'user,block_1,block_2'])
      expect(kindOf(`${header}\na,b\n`)).toBe('table');
  });
});

describe('jsonKind', () => {
  it('goes by what a file says of itself', () => {
    expect(jsonKind({ format: 'uaf-studio run' })).toBe('runs');
    expect(jsonKind({ format: 'uaf-studio runs' })).toBe('runs');
    expect(jsonKind({ format: 'uaf-studio plan' })).toBe('plan');
    expect(jsonKind({ version: 1, environment: {}, dataset: {}, runs: [] })).toBe('report');
    expect(jsonKind({ version: 1, methods: [], seeds: [] })).toBe('experiment');
    expect(jsonKind({ version: 1, toString: 1 })).toBe(null);
  });
});
