import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';
import { acceptVerdicts, awaitArrival } from './gates';
import { goOnWhenLong } from './go-on';
import type { RunArguments } from './messages';
import { createSteps, endingCode, type RunResult } from './steps';
import { Unwinding } from './unwinding';

/**
 * One governed run, from the hold to the closing event. Everything that crosses is an id, a code, an amount or a time;
 * content stays in the database. Each step is idempotent there, so a step that runs twice changes nothing twice.
 * A compensation is registered before its step, is safe when the step never happened, and runs where cancellation
 * can't reach it. Once every gate has its terminal outcome, the rest only runs forward. A wait whose history grows long goes
 * on in a new one, at the wait.
 */
export async function run(request: RunArguments): Promise<RunResult> {
  const steps = createSteps(request);
  const gates = acceptVerdicts(steps);
  const unwinding = new Unwinding();
  try {
    unwinding.register(steps.release);
    if (request.carried === undefined) {
      await steps.reserve();
      await steps.scrub();
      let answer = await steps.invoke('primary', gates);
      let judged = await steps.evaluate(answer);
      if (judged.routing === 'advisor') {
        answer = await steps.invoke('advisor', gates, answer);
        judged = await steps.evaluate(answer);
      }
      unwinding.register(steps.withdraw);
      gates.open(await steps.draft(judged));
    } else {
      unwinding.register(steps.withdraw);
      gates.resume(request.carried);
    }

    while (gates.anyOpen()) {
      steps.await(gates);
      await goOnWhenLong(request, gates);
      const arrival = await awaitArrival(gates);
      await steps.decide(gates, arrival);
    }
  } catch (error) {
    const ending = endingCode(error);
    if (!ending) throw error;
    const result = await unwinding.run(ending.code);
    return await leave(gates, result);
  }
  return await CancellationScope.nonCancellable(async () => {
    await steps.settle();
    const result = await steps.audit();
    return await leave(gates, result);
  });

  /** Nobody who sent a verdict is left without an answer: latecomers learn who was first. */
  async function leave(inbox: typeof gates, result: RunResult): Promise<RunResult> {
    return await CancellationScope.nonCancellable(async () => {
      await steps.answerLatecomers(inbox);
      await condition(allHandlersFinished);
      return result;
    });
  }
}
