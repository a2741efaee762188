/** What a worker can run: the bundle's entry. */
export { run } from './run';
export { readDocuments } from './read-documents';
export { reconcile } from './reconcile';
