import type { Figure } from '../../results/figures/figure.ts';
import { download, fileName } from './download.ts';
import { SaveMenu } from './SaveMenu.tsx';

interface SaveFigureProps {
  /** Names the menu and the files. */
  readonly title: string;
  /** What is drawn; a function is asked when it is saved. */
  readonly figure: Figure | (() => Figure | Promise<Figure>);
}

/** Saves a figure as it is printed, 8 cm wide: SVG, or PNG at 300 dots an inch. What draws it is loaded when it is first asked for. */
export function SaveFigure({ title, figure }: SaveFigureProps) {
  const svg = async () => {
    const [{ figureSvg }, drawn] = await Promise.all([
      import('../../results/figures/svg.ts'),
      typeof figure === 'function' ? figure() : figure,
    ]);
    return figureSvg(drawn);
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
            download(fileName(title, 'png'), await pngOf(source));
          },
        },
      ]}
    />
  );
}
