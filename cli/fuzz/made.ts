import { busy } from './busy.ts';
import type { Bytes } from './files.ts';

/** A file that is made while it is read: a head, and then so many equal pieces. It notices when nobody reads on. */
export class MadeFile extends File {
  /** Called whenever a piece was taken. */
  onPiece: () => void = () => {};
  private silence = 0;
  private taken: number | null = null;

  constructor(
    name: string,
    private readonly head: Bytes,
    private readonly piece: Bytes,
    private readonly pieces: number,
  ) {
    super([], name);
  }

  override get size(): number {
    return this.head.length + this.pieces * this.piece.length;
  }

  override stream(): ReadableStream<Bytes> {
    let left = this.pieces;
    this.note();
    return new ReadableStream({
      start: (controller) => controller.enqueue(this.head.slice()),
      pull: (controller) => {
        this.note();
        if (left-- > 0) controller.enqueue(this.piece.slice());
        else controller.close();
      },
    });
  }

  override slice(from = 0, to = this.size): Blob {
    const beginning = new Blob([this.head, ...Array.from({ length: Math.ceil(to / this.piece.length) }, () => this.piece)]);
    return beginning.slice(from, to);
  }

  /** The longest time, in milliseconds of work, in which nothing was read, until now. */
  longestSilence(): number {
    this.note();
    return this.silence;
  }

  private note(): void {
    const now = busy();
    if (this.taken !== null) this.silence = Math.max(this.silence, now - this.taken);
    this.taken = now;
    this.onPiece();
  }
}
