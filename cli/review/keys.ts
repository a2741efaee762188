import { StringDecoder } from 'node:string_decoder';

/** Where keys come from: a terminal, or a pipe that stands for one. */
export interface KeySource extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

const ENTER = new Set(['\r', '\n']);
const ERASE = new Set(['\u007f', '\b']);
/** Control-C and control-D. */
const LEAVE = new Set(['\u0003', '\u0004']);
const ESCAPE = '\u001b';

/**
 * Keys one by one, as they are pressed. A key is a character, `enter`, or `other` for what is none (arrows, escape); undefined
 * once the person is gone. On a terminal what was typed ahead can be forgotten, so that nobody decides about what they have
 * not been shown yet.
 */
export class Keys {
  readonly #source: KeySource;
  readonly #echo: (text: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #pressed: string[] = [];
  #waiting: ((key: string | undefined) => void) | undefined;
  #ended = false;

  constructor(source: KeySource, echo: (text: string) => void) {
    this.#source = source;
    this.#echo = echo;
    if (source.isTTY === true) source.setRawMode?.(true);
    source.on('data', this.#take);
    source.on('end', this.#end);
    source.resume();
  }

  /** Stops listening, and leaves the terminal as it was. */
  close(): void {
    this.#source.off('data', this.#take);
    this.#source.off('end', this.#end);
    if (this.#source.isTTY === true) this.#source.setRawMode?.(false);
    this.#source.pause();
    this.#end();
  }

  /** Forgets what was typed ahead. A pipe's text is kept: it was written as a whole. */
  forget(): void {
    if (this.#source.isTTY === true) this.#pressed.length = 0;
  }

  /** Lets another program have the terminal meanwhile. */
  async lend<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#source.isTTY === true) this.#source.setRawMode?.(false);
    this.#source.pause();
    try {
      return await work();
    } finally {
      if (this.#source.isTTY === true) this.#source.setRawMode?.(true);
      this.#source.resume();
    }
  }

  async key(): Promise<string | undefined> {
    const next = this.#pressed.shift();
    if (next !== undefined || this.#ended) return next;
    return await new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** A line of text, shown as it is typed; undefined when the person is gone or has escaped. */
  async line(prompt: string): Promise<string | undefined> {
    this.#echo(prompt);
    const typed: string[] = [];
    for (;;) {
      const key = await this.key();
      if (key === undefined || key === 'other') {
        this.#echo('\n');
        return undefined;
      }
      if (key === 'enter') {
        this.#echo('\n');
        return typed.join('').trim();
      }
      if (key === 'erase') {
        if (typed.pop() !== undefined) this.#echo('\b \b');
      } else {
        typed.push(key);
        this.#echo(key);
      }
    }
  }

  readonly #take = (chunk: Buffer | string): void => {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    // A terminal sends an arrow or another key without a character as one chunk that begins with escape.
    const keys = text.startsWith(ESCAPE) ? ['other'] : Array.from(text.replaceAll('\r\n', '\n'), keyOf);
    for (const key of keys) {
      if (key === undefined) {
        this.#end();
        return;
      }
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#pressed.push(key);
      else waiting(key);
    }
  };

  readonly #end = (): void => {
    this.#ended = true;
    this.#waiting?.(undefined);
    this.#waiting = undefined;
  };
}

/** Undefined for a key by which a person leaves. */
function keyOf(character: string): string | undefined {
  if (LEAVE.has(character)) return undefined;
  if (ENTER.has(character)) return 'enter';
  if (ERASE.has(character)) return 'erase';
  return /\p{Cc}/u.test(character) ? 'other' : character;
}
