import type { WebhookSending } from '../../activities/notify/attempt-delivery';

/** For activities by hand that tell nobody: whoever sends all the same fails. */
export const NO_WEBHOOKS: WebhookSending = {
  post: async () => {
    throw new Error('No webhook is sent here.');
  },
  secrets: {
    open: async () => {
      throw new Error('No secret is opened here.');
    },
    prepare: async () => undefined,
  },
};
