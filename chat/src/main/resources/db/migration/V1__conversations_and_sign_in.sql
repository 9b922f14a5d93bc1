create table users (
  name varchar(64) primary key,
  password_hash varchar(200),
  created_at timestamp(3) with time zone not null
);

create table conversations (
  id uuid primary key,
  owner varchar(64) not null references users (name),
  title varchar(200) not null,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null
);
create index conversations_by_owner on conversations (owner, updated_at);

create table messages (
  id uuid primary key,
  conversation uuid not null references conversations (id),
  position bigint generated always as identity,
  role varchar(16) not null check (role in ('user', 'assistant')),
  state varchar(16) not null check (state in ('complete', 'running', 'interrupted')),
  text varchar(1000000) not null,
  created_at timestamp(3) with time zone not null
);
create index messages_by_conversation on messages (conversation, position);
create index messages_by_state on messages (state);

-- One run answers one message. The page names its message; the pair with its owner keeps it from being taken twice.
create table runs (
  id uuid primary key,
  owner varchar(64) not null references users (name),
  client_id uuid not null,
  conversation uuid not null references conversations (id),
  question uuid not null references messages (id),
  answer uuid not null references messages (id),
  state varchar(16) not null check (state in ('complete', 'running', 'interrupted')),
  started_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  constraint a_message_is_taken_once unique (owner, client_id)
);

create table revocations (
  session varchar(64) primary key,
  expires_at timestamp(3) with time zone not null
);

create table sign_in_attempts (
  id bigint generated always as identity primary key,
  subject varchar(200) not null,
  attempted_at timestamp(3) with time zone not null
);
create index sign_in_attempts_by_subject on sign_in_attempts (subject, attempted_at);
