-- Writing to people: who wants it how, each mail with what it tells of, and the attempts at it.

-- What the installation can tell people by. Mail is on where a worker has a server to send it by.
create table core.channels (
  name text primary key check (name = 'mail'),
  is_on boolean not null,
  changed_at timestamptz not null
);

-- How a member wants to be written to; each notice by itself where nothing is said.
create table core.mail_preferences (
  tenant_id text not null,
  user_id uuid not null,
  preference text not null check (preference in ('none', 'digest', 'each')),
  changed_at timestamptz not null,
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id)
);

-- One mail to one person. Its id is in the Message-ID of every attempt.
create table core.mails (
  tenant_id text not null,
  id uuid not null default app.new_id(),
  user_id uuid not null,
  is_digest boolean not null,
  -- Moot: nothing that it would have told of was still so. Unsure: it was handed over, and nobody knows whether it was taken.
  state text not null check (state in ('pending', 'sent', 'failed', 'unsure', 'moot')),
  code text check (code ~ '^[a-z_]+$'),
  attempts integer not null default 0 check (attempts >= 0),
  next_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references core.members (tenant_id, user_id),
  check ((state = 'pending') = (next_at is not null)),
  check ((state in ('failed', 'unsure')) = (code is not null))
);
-- A digest takes notices up until it is first tried.
create unique index mails_one_digest on core.mails (tenant_id, user_id) where is_digest and state = 'pending' and attempts = 0;
create index mails_by_user on core.mails (tenant_id, user_id, created_at desc);

-- What a mail tells of. A row of the outbox is in one mail to a person.
create table core.mail_notices (
  tenant_id text not null,
  mail_id uuid not null,
  user_id uuid not null,
  outbox_id uuid not null,
  primary key (tenant_id, user_id, outbox_id),
  foreign key (tenant_id, mail_id) references core.mails (tenant_id, id),
  foreign key (tenant_id, outbox_id) references core.outbox (tenant_id, id)
);
create index mail_notices_by_mail on core.mail_notices (tenant_id, mail_id);

create table core.mail_attempts (
  tenant_id text not null,
  mail_id uuid not null,
  attempt integer not null check (attempt > 0),
  state text not null check (state in ('open', 'sent', 'failed', 'lost', 'unsure')),
  -- When the server was about to get the end of the mail: from then on it may have taken it.
  handed_at timestamptz,
  code text check (code ~ '^[a-z_]+$'),
  -- What the server answered, if it did.
  status integer check (status between 100 and 999),
  started_at timestamptz not null,
  ended_at timestamptz,
  primary key (tenant_id, mail_id, attempt),
  foreign key (tenant_id, mail_id) references core.mails (tenant_id, id),
  check ((state = 'open') = (ended_at is null)),
  check ((state in ('failed', 'lost', 'unsure')) = (code is not null))
);
create unique index mail_attempts_one_open on core.mail_attempts (tenant_id, mail_id) where state = 'open';

alter table core.worklist drop constraint worklist_kind_check;
alter table core.worklist add constraint worklist_kind_check
  check (kind in ('run', 'intent', 'document', 'replay', 'notice', 'delivery', 'mail'));
