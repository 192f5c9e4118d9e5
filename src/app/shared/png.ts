import { withResolution } from './pngResolution.ts';

/** Dots an inch of a print. */
const RESOLUTION = 300;
const INCH = 25.4;

/** A picture of an SVG document at 300 dots an inch. @param width in millimetres @throws Error where the browser cannot draw it */
export async function pngOf(svg: string, width: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((width * RESOLUTION) / INCH);
    canvas.height = Math.round((canvas.width * image.naturalHeight) / image.naturalWidth);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('The browser could not make a picture.');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('The browser could not make a picture.')) : resolve(blob)));
    });
    return withResolution(png);
  } finally {
    URL.revokeObjectURL(url);
  }
}
