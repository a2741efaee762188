import type { Provider } from '../contract/model';
import type { ModelRef } from '../contract/pack';
import type { Database } from '../db/pool';
import type { Registry } from '../packs/registry';
import type { WebhookSending } from './notify/attempt-delivery';
import type { MailSending } from './notify/attempt-mail';
import type { RunStarter } from './sweep';
import type { Vault } from './scrubber/vault';

/** Everything that activities need from outside. Only the worker's composition root builds it. */
export interface ActivityDependencies {
  /** In the role of the worker. */
  readonly database: Database;
  readonly registry: Registry;
  /** What texts and passages are embedded by; the local one, unless the installation names another. */
  readonly embedding?: ModelRef;
  /** By vendor. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly vault: Vault;
  /** Sends messages to webhooks. */
  readonly webhooks: WebhookSending;
  /** Sends mails, where there is a server for them. */
  readonly mail?: MailSending | undefined;
  /** Reaches the workflows of other runs, for the sweeps. */
  readonly runs: RunStarter;
}
