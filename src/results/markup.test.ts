import { describe, expect, it } from 'vitest';
import { element } from './markup.ts';

describe('element', () => {
  it('escapes texts and attributes', () => {
    expect(element('p', { title: '"><b>' }, `<script> & 'x'`).source).toBe(
      '<p title="&quot;&gt;&lt;b&gt;">&lt;script&gt; &amp; &#39;x&#39;</p>',
    );
  });

  it('nests, leaves out nothing, and closes what has no end', () => {
    expect(element('ul', {}, [element('li', { class: undefined }, 1), null, false], element('br')).source).toBe(
      '<ul><li>1</li><br/></ul>',
    );
  });

  it('has no sign that XML forbids', () => {
    expect(element('p', {}, 'a\u0000b\ud800c\u{1f600}').source).toBe('<p>a\ufffdb\ufffdc\u{1f600}</p>');
  });

  it('refuses what is no number', () => {
    expect(element('rect', { x: -0.0001, y: 1.239 }).source).toBe('<rect x="0" y="1.24"></rect>');
    expect(() => element('rect', { x: Number.NaN })).toThrow(RangeError);
  });
});
