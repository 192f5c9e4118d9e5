import type { Figure } from '../../results/figures/figure.ts';
import { download, fileName } from './download.ts';
import { SaveMenu } from './SaveMenu.tsx';

/** Millimetres: a column of a paper. */
const WIDTH = 80;

interface SaveFigureProps {
  /** Names the menu and the files. */
  readonly title: string;
  /** What is drawn; a function is asked when it is saved. */
  readonly figure: Figure | (() => Figure | Promise<Figure>);
}

/**
 * Saves a figure as it is printed, 8 cm wide: SVG, or PNG at 300 dots an inch; or the numbers behind it. What draws it is loaded when
 * it is first asked for.
 */
export function SaveFigure({ title, figure }: SaveFigureProps) {
  const model = async () => (typeof figure === 'function' ? figure() : figure);
  const svg = async () => {
    const [{ figureSvg }, drawn] = await Promise.all([import('../../results/figures/svg.ts'), model()]);
    return figureSvg(drawn, { width: WIDTH });
  };
  return (
    <SaveMenu
      title={title}
      ways={[
        {
          label: 'SVG',
          save: async () => download(fileName(title, 'svg'), new Blob([await svg()], { type: 'image/svg+xml' })),
        },
        {
          label: 'PNG',
          save: async () => {
            const [{ pngOf }, source] = await Promise.all([import('./png.ts'), svg()]);
            download(fileName(title, 'png'), await pngOf(source, WIDTH));
          },
        },
        {
          label: 'CSV',
          save: async () => {
            const [{ figureTable }, { tableCsv }, drawn] = await Promise.all([
              import('../../results/figures/figureTable.ts'),
              import('../../results/tables/csv.ts'),
              model(),
            ]);
            download(fileName(title, 'csv'), new Blob([tableCsv(figureTable(drawn))], { type: 'text/csv' }));
          },
        },
      ]}
    />
  );
}
