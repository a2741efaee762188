/** What a worker can run: the bundle's entry. */
export { run } from './run';
export { readDocument } from './read-document';
export { reconcile } from './reconcile';
