import type { Info } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor, ActivityExecuteInput, Next } from '@temporalio/worker';
import { classify, toApplicationFailure } from '../activities/coded-failure';
import type { Logger } from './log';

/** Replaces every error that would cross Temporal by its code of the catalogue: without cause, detail or stack. */
export function codedErrors(
  log: Logger,
  { activityType, attempt }: Pick<Info, 'activityType' | 'attempt'>,
): ActivityInboundCallsInterceptor {
  return {
    async execute(
      input: ActivityExecuteInput,
      next: Next<ActivityInboundCallsInterceptor, 'execute'>,
    ): Promise<unknown> {
      try {
        return await next(input);
      } catch (error) {
        const { code } = classify(error);
        log.warn({ activity: activityType, code, kind: kindOf(error) }, 'activity failed');
        throw toApplicationFailure(error, attempt);
      }
    },
  };
}

/** The class and SQLSTATE of an error, which hold no content; its message and detail may. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error ? `${error.name} ${String(error.code)}` : error.name;
}
