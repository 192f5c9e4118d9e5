/** Dots an inch of a print. */
const RESOLUTION = 300;
/** CSS pixels an inch. */
const PIXELS = 96;

/** A picture of an SVG document at 300 dots an inch. @throws Error where the browser cannot draw it */
export async function pngOf(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = Math.round((image.naturalWidth * RESOLUTION) / PIXELS);
    canvas.height = Math.round((image.naturalHeight * RESOLUTION) / PIXELS);
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob === null ? reject(new Error('The browser could not make a picture.')) : resolve(blob)));
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
