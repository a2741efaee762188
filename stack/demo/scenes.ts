import { askUnreachableModel, decideByHand, expire, kill, reconciled, terminate } from './failure-scenes';
import { farmNotes, oneCredit, twoKeys } from './farm-scenes';
import { advisorAndSenior, leftOpen, twoPeople, unlistedModel } from './hospital-scenes';
import type { Stage } from './stage';

/**
 * Plays all scenes. A model may not be called before it is listed, so the refusal comes first; the clock of the database
 * is moved in the last one, because it moves for everybody.
 */
export async function playScenes(stage: Stage): Promise<void> {
  await stage.scene('Farm notes become drafts', () => farmNotes(stage));
  await stage.scene('A model that the vendor matrix does not list', () => unlistedModel(stage));
  await stage.scene('A model that is listed, and down', () => askUnreachableModel(stage));
  await stage.scene('A privileging packet, for two people', () => twoPeople(stage));
  await stage.scene('A packet that the advisor looks at too', () => advisorAndSenior(stage));
  await stage.scene('A packet that nobody decides', () => leftOpen(stage));
  await stage.scene('The same request again, and the same text again', () => twoKeys(stage));
  await stage.scene('Ten runs at once on one credit', () => oneCredit(stage));
  await stage.scene('The model is still down: a person proceeds', () => decideByHand(stage));
  await stage.scene('A workflow is terminated from outside', () => terminate(stage));
  await stage.scene('The worker is killed between answer and draft', () => kill(stage));
  await stage.scene('The reconciler settles what was terminated', () => reconciled(stage));
  await stage.scene('Time runs out', () => expire(stage));
}
