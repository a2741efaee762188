/** What a worker can run: the bundle's entry. */
export { run } from './run';
export { replay } from './replay';
export { deliverWebhook } from './deliver-webhook';
export { readDocuments } from './read-documents';
export { reconcile } from './reconcile';
export { sendMail } from './send-mail';
