/**
 * How often reviewers agreed with a model, by how sure it was: bands of its confidence, and from when on a reviewer is told.
 * What agreement is stands in core.reviewed_gates: approved as it was drafted.
 */

/** Where each band of confidence begins, in per mille; it ends where the next one does, the last with 1000 itself. */
export const BAND_FLOORS_PERMILLE = [0, 500, 600, 700, 800, 900] as const;

/**
 * From how many decisions on a gate shows the agreement of its band. Below, the share says too little to lean on: of 50, its
 * 95 % interval is at most 14 points to either side, of 10 it is 31; a reviewer who reads "9 of 10" takes chance for merit,
 * and one who reads "3 of 4" can tell how a colleague decided.
 */
export const AGREEMENT_DECIDED_MIN = 50;

/** Of so many days before a gate opened: what a model was like a year ago, under another prompt, tells little of it now. */
export const AGREEMENT_DAYS = 180;

/** The band that a confidence is in, e.g. `0.8–0.9`. */
export function bandOf(confidencePermille: number): string {
  const floor = BAND_FLOORS_PERMILLE.findLast((one) => one <= confidencePermille) ?? 0;
  return bandName(floor);
}

/** The name of the band that begins there, e.g. `0.8–0.9`. */
export function bandName(floorPermille: number): string {
  const ceiling = BAND_FLOORS_PERMILLE.find((one) => one > floorPermille) ?? 1000;
  return `${share(floorPermille)}–${share(ceiling)}`;
}

function share(permille: number): string {
  return (permille / 1000).toFixed(permille % 100 === 0 ? 1 : 3);
}
