/** Where an answer goes by its confidence. Per mille. */
export interface RoutingInput {
  readonly confidencePermille: number;
  readonly thresholdPermille: number;
  /** Whether the answer is the advisor's already, or the advisor could not be asked. */
  readonly advisorAsked: boolean;
  readonly hasAdvisor: boolean;
  readonly advisorRequired: boolean;
}

export type Routing = 'reviewer' | 'advisor' | 'senior';

/** Low confidence asks the advisor model; still low asks the senior role. A run without proposals has nothing to route. */
export function route(input: RoutingInput): Routing {
  if (input.confidencePermille >= input.thresholdPermille) return 'reviewer';
  if (!input.advisorAsked && input.hasAdvisor && input.advisorRequired) return 'advisor';
  return input.hasAdvisor ? 'senior' : 'reviewer';
}
