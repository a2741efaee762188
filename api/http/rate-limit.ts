import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Response } from 'express';
import { ApiProblem } from '../problem';

export interface RateLimits {
  /** Requests of one key in a window. */
  readonly requestsMax: number;
  /** Presentations of wrong keys from one address in a window. */
  readonly failuresMax: number;
  readonly windowSeconds: number;
}

export const RATE_LIMITS: RateLimits = { requestsMax: 6000, failuresMax: 60, windowSeconds: 60 };

export interface RateLimiter {
  /** Counts a request of a key. @throws ApiProblem `rate_limited` with when to come back */
  request(keyId: string, response: Response): Promise<void>;
  /** Counts a wrong key. */
  failure(address: string): Promise<void>;
  /** @throws ApiProblem `rate_limited` when an address has presented too many wrong keys */
  refuseGuessers(address: string): Promise<void>;
}

/** Limits by key, in this process: several processes allow several times as much. */
export function createRateLimiter(limits: RateLimits): RateLimiter {
  const { windowSeconds } = limits;
  const requests = new RateLimiterMemory({ points: limits.requestsMax, duration: windowSeconds });
  const failures = new RateLimiterMemory({ points: limits.failuresMax, duration: windowSeconds });
  return {
    async request(keyId, response) {
      const taken = await consume(requests, keyId);
      response.setHeader('RateLimit-Policy', `"key";q=${limits.requestsMax};w=${windowSeconds}`);
      response.setHeader('RateLimit', `"key";r=${taken.remainingPoints};t=${seconds(taken)}`);
    },
    async failure(address) {
      await consume(failures, address);
    },
    async refuseGuessers(address) {
      const known = await failures.get(address);
      if (known !== null && known.remainingPoints <= 0) throw limited(known);
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  try {
    return await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw limited(error);
    throw error;
  }
}

function limited(state: RateLimiterRes): ApiProblem {
  return new ApiProblem('rate_limited', { retryAfterSeconds: seconds(state) });
}

function seconds(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
}
