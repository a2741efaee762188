/** Pictures of persons by the name of their file. Labelled ones ("photograph no. 1234") are in `identifiers.ts`. */
import { spansOf, type Recogniser } from '../span';

const FILE =
  /(?<![\p{L}\p{N}_.-])[\p{L}\p{N}][\p{L}\p{N}_.-]{0,120}\.(?:jpe?g|png|heic|heif|gif|tiff?|bmp|webp|dcm|cr2|nef|mp4|mov)(?![\p{L}\p{N}])/giu;

export const recognisePhoto: Recogniser = (view) => spansOf(view, FILE, 'photo');
