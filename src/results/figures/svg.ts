import { element } from '../markup.ts';
import type { Figure } from './figure.ts';

/** A figure as an SVG document. @param width of the print, in millimetres */
export function figureSvg(figure: Figure, { width = 80 }: { readonly width?: number } = {}): string {
  return element('svg', { xmlns: 'http://www.w3.org/2000/svg', width: `${width}mm` }, element('title', {}, figure.title)).source;
}
