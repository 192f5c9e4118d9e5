import { describe, expect, it } from 'vitest';
import { fileName } from './download.ts';

describe('fileName', () => {
  it.each([
    ['Fig. 4, ColdRec-1: HR@5', 'Fig.-4-ColdRec-1-HR-5.svg'],
    ['../../etc/passwd', 'etc-passwd.svg'],
    ['Häuser “中文”', 'Häuser-中文.svg'],
    ['<>:"/\\|?*\u0000', 'studio-file.svg'],
    ['con', 'studio-con.svg'],
    ['', 'studio-file.svg'],
  ])('%j → %s', (words, name) => {
    expect(fileName(words, 'svg')).toBe(name);
  });

  it('is not too long, and ends with a whole word', () => {
    expect(fileName('Differences in HR@5, electronics_pretrain → electronics_to_beauty_finetune: row − column', 'tex')).toBe(
      'Differences-in-HR-5-electronics-pretrain-electronics-to-beauty-finetune-row.tex',
    );
    expect(fileName('x'.repeat(500), 'csv')).toHaveLength(84);
  });
});
