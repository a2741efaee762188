/** What a worker can run: the bundle's entry. */
export { run } from './run';
export { reconcile } from './reconcile';
